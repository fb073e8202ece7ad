#if !canImport(CryptoKit)
  import Foundation
  import MoultTestSupport
  import Testing

  /// The hash of a run's data, which a program of the system computes, is there before training begins.
  @Suite struct DataHashTests {
    private static let run = [
      "train", "x.csv", "--target", "y", "--epochs", "2", "--no-report", "--quiet", "--out", "run", "--force",
    ]

    private func withTable(_ body: (_ folder: String) throws -> Void) throws {
      try Tool.withFolder { folder in
        try TableTrainingTests.quantities.write(toFile: folder + "/x.csv", atomically: false, encoding: .utf8)
        try body(folder)
      }
    }

    @Test func withoutAProgramAnEarlierRunIsLeftAsItIs() throws {
      try withTable { folder in
        try expectEqual(Tool.run(Self.run, folder: folder).status, 0)
        let model = URL(fileURLWithPath: folder + "/run/model.safetensors"), before = try Data(contentsOf: model)
        let failed = try Tool.run(Self.run + ["--seed", "1"], environment: ["PATH": "/nonexistent"], folder: folder)
        expectTrue(failed.status == 1 && failed.error.contains("sha256sum or shasum"), "\(failed.error)")
        try expectEqual(Data(contentsOf: model), before)
      }
    }

    /// A program that fails once the run has begun costs neither the checkpoint nor the weights.
    @Test func nothingIsHashedOnceTheRunHasBegun() throws {
      try withTable { folder in
        let program = folder + "/bin/sha256sum"
        try FileManager.default.createDirectory(atPath: folder + "/bin", withIntermediateDirectories: false)
        try """
        #!/bin/sh
        if [ -e run/config.json ]; then exit 1; fi
        PATH=/usr/bin:/bin
        exec sha256sum
        """.write(toFile: program, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        let result = try Tool.run(
          Self.run + ["--time-limit", "1e-9"], environment: ["PATH": folder + "/bin"], folder: folder)
        expectEqual(result.status, 0, "\(result.error)")
        for file in ["model.safetensors", "checkpoint.safetensors"] {
          expectTrue(FileManager.default.fileExists(atPath: folder + "/run/" + file))
        }
        // With the system's program again the run goes on: its files have the digits that they should have.
        let resumed = try Tool.run(["train", "--resume", "run", "--no-report", "--quiet"], folder: folder)
        expectEqual(resumed.status, 0, "\(resumed.error)")
      }
    }
  }
#endif
