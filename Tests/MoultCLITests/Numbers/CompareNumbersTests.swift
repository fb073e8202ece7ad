import Foundation
import Moult
import MoultTestSupport
import Testing

/// The numbers of a comparison, recomputed from the runs that it leaves.
@Suite struct CompareNumbersTests {
  @Test func everyArmHasTheMetricsOfItsRuns() throws {
    try Tool.withFolder { folder in
      try NPZ.write(["x": ManyRows.inputs, "y": Tensor(labels: ManyRows.labels)], to: folder + "/x.npz")
      let result = try Tool.run(
        [
          "compare", "x.npz", "--model", "4-12-3", "--epochs", "2", "--repeats", "3", "--seed", "4", "--json",
          "--quiet", "--out", "c",
        ],
        folder: folder)
      let last = try unwrapped(try result.json().last, "\(result.error)")
      let data = TensorDataset(inputs: ManyRows.inputs, labels: Tensor(labels: ManyRows.labels))
      let (train, test) = data.split(0.2, seed: 4)
      expectTrue(last["test_samples"] as? Int == test.count)
      func metrics(_ arm: String, _ seed: Int, _ part: TensorDataset) throws -> PlainClassification {
        let network = try PlainNetwork("\(folder)/c/\(arm)/seed\(seed)/model.safetensors")
        return PlainClassification(
          part.inputs.rows.map(network.probabilities), part.labels.scalars(as: Int64.self).map { Int($0) })
      }
      let arms = try unwrapped(last["arms"] as? [[String: Any]])
      expectEqual(arms.count, 2)
      var errors: [[Double]] = []
      for (arm, name) in zip(arms, ["without", "with"]) {
        let tests = try (4...6).map { try metrics(name, $0, test) }
        let trains = try (4...6).map { try metrics(name, $0, train) }
        errors.append(tests.map { 1 - $0.accuracy })
        func agrees(_ key: String, _ expected: [Double]) -> Bool {
          guard let shown = arm[key] as? [Double], shown.count == 3 else { return false }
          return zip(shown, expected).allSatisfy { abs($0 - $1) < 1e-5 }
        }
        expectTrue(agrees("test", tests.map { 1 - $0.accuracy }) && agrees("train", trains.map { 1 - $0.accuracy }))
        expectTrue(agrees("loss_gap", zip(tests, trains).map { $0.negativeLogLikelihood - $1.negativeLogLikelihood }))
        expectTrue(agrees("validation_loss", tests.map(\.negativeLogLikelihood)))
      }
      let differences = zip(errors[1], errors[0]).map { $0 - $1 }
      let shown = try unwrapped(arms[1]["differences"] as? [Double])
      expectTrue(zip(shown, differences).allSatisfy { abs($0 - $1) < 1e-6 } && arms[0]["differences"] is NSNull)
      let answer = try unwrapped(last["answer"] as? [String: Any])
      expectLess(abs((answer["difference"] as? Double ?? .nan) - differences.reduce(0, +) / 3), 1e-6)
    }
  }

  /// Among several rates the one with the smaller loss on the validation part is chosen, never by the test part.
  @Test func theValidationLossIsThatOfTheValidationPart() throws {
    try Tool.withFolder { folder in
      try NPZ.write(["x": ManyRows.inputs, "y": Tensor(labels: ManyRows.labels)], to: folder + "/x.npz")
      let result = try Tool.run(
        [
          "compare", "x.npz", "--model", "4-12-3", "--epochs", "2", "--repeats", "1", "--seed", "4", "--rates",
          "0,0.5,0.2", "--validation-share", "0.25", "--json", "--quiet", "--out", "c",
        ],
        folder: folder)
      let last = try unwrapped(try result.json().last, "\(result.error)")
      let data = TensorDataset(inputs: ManyRows.inputs, labels: Tensor(labels: ManyRows.labels))
      let validation = data.split(0.2, seed: 4).0.split(0.25, seed: 4).1
      let arms = try unwrapped(last["arms"] as? [[String: Any]])
      expectEqual(arms.count, 3)
      for (arm, name) in zip(arms, ["without", "rate-0.5", "rate-0.2"]) {
        let network = try PlainNetwork("\(folder)/c/\(name)/seed4/model.safetensors")
        let expected = PlainClassification(
          validation.inputs.rows.map(network.probabilities), validation.labels.scalars(as: Int64.self).map { Int($0) })
        let shown = try unwrapped(arm["validation_loss"] as? [Double])
        expectTrue(shown.count == 1 && abs(shown[0] - expected.negativeLogLikelihood) < 1e-5, "\(name)")
      }
    }
  }
}
