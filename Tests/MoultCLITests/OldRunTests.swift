import Foundation
import MoultTestSupport
import Testing

/// Runs that an older Moult left are loaded, predict the same numbers and go on to the same weights.
///
/// Tests/Reference/runs-6e33e26 was written by the tool of that commit, see Scripts/reference/make_run_fixtures.py.
@Suite struct OldRunTests {
  private static let runs = "runs-6e33e26"

  /// A folder with copies of the old runs and of their data.
  private func withOldRuns(_ body: (String) throws -> Void) throws {
    try Tool.withFolder { folder in
      let files = FileManager.default, old = ReferenceFiles.path(Self.runs)
      for name in try files.contentsOfDirectory(atPath: old) {
        try files.copyItem(atPath: "\(old)/\(name)", toPath: "\(folder)/\(name)")
      }
      try files.copyItem(
        atPath: ReferenceFiles.path("../../Examples/data/penguins.csv"), toPath: folder + "/penguins.csv")
      try files.copyItem(atPath: ReferenceFiles.path("run_digests.npz"), toPath: folder + "/images.npz")
      try body(folder)
    }
  }

  @Test(arguments: [("classes", "penguins.csv"), ("regression", "penguins.csv"), ("images", "images.npz")])
  func anOldModelPredictsTheSameNumbers(name: String, data: String) throws {
    try withOldRuns { folder in
      for passes in ["0", "20"] {
        let expected = try String(contentsOfFile: "\(folder)/\(name)/predictions-\(passes).csv", encoding: .utf8)
          .split(separator: "\n").map(String.init)
        expectEqual(expected.count, 41)
        for model in [name, name + "/model.safetensors"] {
          let result = try Tool.run(["predict", model, data, "--samples", passes, "--seed", "3"], folder: folder)
          expectEqual(result.status, 0, "\(result.error)")
          expectEqual(Array(result.lines.prefix(expected.count)), expected, "\(model), \(passes) passes")
        }
      }
    }
  }

  @Test(arguments: ["stopped-classes", "stopped-images"])
  func anOldCheckpointGoesOnToTheSameWeights(name: String) throws {
    try withOldRuns { folder in
      let expected = try ReferenceFiles.decode([String: [String: String]].self, from: Self.runs + "/expected.json")
      let result = try Tool.run(["train", "--resume", name, "--quiet", "--no-report"], folder: folder)
      expectEqual(result.status, 0, "\(result.error)")
      try expectEqual(TensorDigests.of("\(folder)/\(name)/model.safetensors"), expected[name])
      expectTrue(!FileManager.default.fileExists(atPath: "\(folder)/\(name)/checkpoint.safetensors"))
    }
  }
}
