import Foundation
import MoultTestSupport
import Testing

/// A run that was stopped goes on to what it would have been.
@Suite struct ResumeTests {
  private static let run = ["train", "--epochs", "5", "--model", "784-16-10", "--quiet", "--no-report"]

  private func file(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  /// The table of a run without its last two columns, which are times.
  private func figures(_ folder: String) throws -> [String] {
    try String(contentsOfFile: folder + "/metrics.csv", encoding: .utf8).split(whereSeparator: \.isNewline)
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).dropLast(2).joined(separator: ",") }
  }

  /// A time limit of next to nothing stops after the first step.
  @Test(arguments: [
    ["--schedule", "constant"], ["--optimizer", "adam", "--patience", "2"], ["--keep-every", "2", "--warm-up", "0.5"],
    ["--variant", "concrete"],
  ])
  func aRunInPiecesIsTheWholeRun(options: [String]) throws {
    try Tool.withFolder { folder in
      try expectEqual(Tool.run(Self.run + ["--out", "whole"] + options, folder: folder).status, 0)
      let first = try Tool.run(Self.run + ["--out", "parts", "--time-limit", "1e-9"] + options, folder: folder)
      expectEqual(first.status, 0, "\(first.error)")
      try expectAtMost(figures(folder + "/parts").count, 1)
      expectTrue(FileManager.default.fileExists(atPath: folder + "/parts/checkpoint.safetensors"))
      // Two more steps, each in a process of its own, then the rest.
      for _ in 0..<2 {
        let next = ["train", "--resume", "parts", "--quiet", "--no-report", "--time-limit", "1e-9"]
        try expectEqual(Tool.run(next, folder: folder).status, 0)
      }
      let last = try Tool.run(["train", "--resume", "parts", "--no-report"], folder: folder)
      expectEqual(last.status, 0, "\(last.error)")
      expectTrue(last.error.contains("goes on after epoch 0 and step 3 of parts"), "\(last.error)")
      try expectEqual(file(folder + "/parts/model.safetensors"), file(folder + "/whole/model.safetensors"))
      try expectEqual(figures(folder + "/parts"), figures(folder + "/whole"))
      expectTrue(!FileManager.default.fileExists(atPath: folder + "/parts/checkpoint.safetensors"))
      let again = try Tool.run(["train", "--resume", "parts"], folder: folder)
      expectTrue(again.status == 0 && again.error.contains("the run is finished, there is nothing to go on with"))
    }
  }

  @Test func aRunThatFailedIsNotFinished() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    try Tool.withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/run", withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/run/metrics.jsonl", withDestinationPath: "/dev/full")
      let failed = try Tool.run(Self.run + ["--out", "run", "--force"], folder: folder)
      expectTrue(
        failed.status == 74 && failed.error.contains("the model so far is in run/model.safetensors"), "\(failed.error)")
      let resumed = try Tool.run(["train", "--resume", "run"], folder: folder)
      expectTrue(resumed.status == 66 && resumed.error.contains("the run is not whole"), "\(resumed.error)")
    }
  }

  @Test func aRunGoesOnWithAllOfItsEpochsOnly() throws {
    try Tool.withFolder { folder in
      // Stopped by a batch system's warning once two epochs are logged: a time limit would be a race.
      try expectEqual(Tool.run(Self.run + ["--out", "whole"], folder: folder).status, 0)
      let process = try Tool.process(
        ["train", "--epochs", "20000", "--model", "784-16-10", "--quiet", "--no-report", "--out", "run"], folder: folder
      )
      let path = folder + "/run/metrics.jsonl"
      try process.run()
      let watchdog = Tool.watchdog(process, seconds: 60)
      while process.isRunning,
        ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").filter({ $0 == "\n" }).count < 2
      {
        usleep(2_000)
      }
      kill(process.processIdentifier, SIGUSR1)
      process.waitUntilExit()
      watchdog.cancel()
      try #require(Tool.status(process) == 138)
      let log = try String(contentsOfFile: path, encoding: .utf8), table = try file(folder + "/run/metrics.csv")
      let lines = log.split(separator: "\n")
      for kept in [lines.dropFirst(), lines.dropLast(), lines.prefix(0)] {
        try kept.map { $0 + "\n" }.joined().write(toFile: path, atomically: false, encoding: .utf8)
        let result = try Tool.run(["train", "--resume", "run"], folder: folder)
        expectTrue(result.status == 65 && result.error.contains("metrics.jsonl"), "\(result.error)")
      }
      try FileManager.default.removeItem(atPath: path)
      let gone = try Tool.run(["train", "--resume", "run"], folder: folder)
      expectTrue(gone.status == 65 && gone.error.contains("got no file; put the log back"), "\(gone.error)")
      try expectEqual(file(folder + "/run/metrics.csv"), table)
      try log.write(toFile: path, atomically: false, encoding: .utf8)
      let resumed = try Tool.run(
        ["train", "--resume", "run", "--no-report", "--time-limit", "1e-9", "--keep-every", "3"],
        folder: folder)
      expectEqual(resumed.status, 0, "\(resumed.error)")
      expectTrue(resumed.error.contains("--resume run --keep-every 3"), "\(resumed.error)")
    }
  }

  @Test func aRunWhoseSettingsChangedDoesNotGoOn() throws {
    try Tool.withFolder { folder in
      try expectEqual(Tool.run(Self.run + ["--out", "run", "--time-limit", "1e-9"], folder: folder).status, 0)
      let path = folder + "/run/config.json"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacingOccurrences(of: "\"dropout\": 0.5", with: "\"dropout\": 0.4")
        .write(toFile: path, atomically: false, encoding: .utf8)
      let result = try Tool.run(["train", "--resume", "run"], folder: folder)
      expectTrue(result.status == 65 && result.error.contains("but config.json changed since"), "\(result.error)")
    }
  }

  @Test func optionsBesideTheFolderAreRefused() throws {
    for option in [["--epochs", "9"], ["--dropout", "0.1"], ["--out", "x"], ["digits"], ["--set", "seed=1"]] {
      let result = try Tool.run(["train", "--resume", "run"] + option)
      expectTrue(result.status == 64 && result.error.contains("expected without --resume"), "\(result.error)")
    }
  }

  @Test func twoProcessesDoNotTrainInOneFolder() throws {
    try Tool.withFolder { folder in
      let process = try Tool.process(
        ["train", "--epochs", "300", "--model", "784-16-10", "--out", "run", "--json", "--quiet"], folder: folder)
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      defer { process.terminate() }
      // The first line says that the folder is taken.
      expectTrue(!output.fileHandleForReading.availableData.isEmpty)
      let second = try Tool.run(Self.run + ["--out", "run", "--force"], folder: folder)
      expectTrue(
        second.status == 64 && second.error.contains("another process trains in this folder"), "\(second.error)")
      try expectEqual(Tool.run(["train", "--resume", "run"], folder: folder).status, 64)
      let compared = try Tool.run(["compare", "--epochs", "1", "--out", "run", "--force", "--quiet"], folder: folder)
      expectTrue(compared.status == 64 && compared.error.contains("another process trains in this folder"))
    }
  }
}
