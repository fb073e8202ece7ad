import Foundation
import Moult
import MoultTestSupport
import Testing

/// Training with the settings of a recorded run gives the recorded weights, bit for bit.
@Suite struct RunDigestTests {
  /// A run of Tests/Reference/run_digests.json, made by Scripts/reference/make_run_digests.py.
  struct Run: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let commit: String
    let arguments: String
    let tensors: [String: String]

    var testDescription: String { "\(name) at \(commit)" }
  }

  private struct File: Decodable {
    let runs: [Run]
  }

  static let runs = (try? ReferenceFiles.decode(File.self, from: "run_digests.json").runs) ?? []

  @Test func everyVariantThatAppliesIsRecorded() throws {
    let applies = try Tool.run(["train", "--list-variants", "--json"]).json().filter { $0["applies"] as? Bool == true }
    let names = Set(Self.runs.map { String($0.name.prefix { $0 != "," }) })
    for variant in applies {
      let name = try unwrapped(variant["name"] as? String)
      expectTrue(names.contains(name))
    }
    expectTrue(applies.count == 14 && names.contains("none"))
  }

  /// Scripts/check_digests does this for all thread counts and instruction sets.
  @Test(arguments: runs) func aRecordedRunGivesTheSameBits(run: Run) throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(["train"] + Self.arguments(run) + ["--threads", "2", "--out", "run"], folder: folder)
      expectEqual(result.status, 0, "\(result.error)")
      try expectEqual(TensorDigests.of(folder + "/run/model.safetensors"), run.tensors)
    }
  }

  /// The run's settings, with the paths of its data.
  private static func arguments(_ run: Run) -> [String] {
    let data = [
      "IMAGES": ReferenceFiles.path("run_digests.npz"),
      "TABLE": ReferenceFiles.path("../../Examples/data/penguins.csv"),
    ]
    return run.arguments.split(separator: " ").map { data[String($0)] ?? String($0) }
  }
}
