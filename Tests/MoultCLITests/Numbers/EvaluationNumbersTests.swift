import Foundation
import Moult
import MoultTestSupport
import Testing

/// The metrics of `evaluate` and of the last line of `train`, recomputed from the saved model and the data.
@Suite struct EvaluationNumbersTests {
  private func evaluate(_ folder: String, _ data: String, _ options: [String]) throws -> [String: Any] {
    let result = try Tool.run(["evaluate", "run", data, "--json"] + options, folder: folder)
    try #require(result.status == 0, "\(result.error)")
    return try unwrapped(try result.json().first)
  }

  private func values(_ folder: String, _ options: [String]) throws -> [[String]] {
    let result = try Tool.run(["predict", "run", "x.npz"] + options, folder: folder)
    return result.lines.dropFirst().map { $0.split(separator: ",").map(String.init) }
  }

  @Test func aRegressionOfArrays() throws {
    let arrays = ["x": ManyRows.inputs, "y": Tensor(ManyRows.numbers.map { Float($0) }, shape: [ManyRows.count, 1])]
    try ManyRows.withRun(arrays: arrays, ["--model", "4-16-1", "--epochs", "3", "--no-report"]) { folder, last in
      let model = try TrainedModel(contentsOf: folder + "/run"), network = try PlainNetwork(model.path)
      let target = model.target
      let predictions = ManyRows.inputs.rows.map { network.outputs($0)[0] * target.deviation + target.mean }
      let whole = PlainRegression(predictions, ManyRows.numbers)
      let all = try evaluate(folder, "x.npz", ["--all", "--samples", "0"])
      expectTrue(
        all["samples"] as? Int == ManyRows.count && all["unknown"] as? Int == 0 && all["part"] as? String == "all")
      expectTrue(agree(all["rmse"] as? Double, whole.rmse) && agree(all["mae"] as? Double, whole.mae))
      expectTrue(agree(all["r2"] as? Double, whole.r2))
      let deviation = try unwrapped(model.noise).residualVariance.squareRoot() * target.deviation
      let likelihood = zip(predictions, ManyRows.numbers).reduce(0) {
        let z = ($1.0 - $1.1) / deviation
        return $0 + z * z / 2 + log(deviation) + log(2 * Double.pi) / 2
      }
      expectTrue(agree(all["negative_log_likelihood"] as? Double, likelihood / Double(ManyRows.count)))
      let held = zip(predictions, ManyRows.numbers).count { abs($0 - $1) <= 1.6448536269514722 * deviation }
      expectTrue(agree(all["interval_coverage"] as? Double, Double(held) / Double(ManyRows.count), within: 1e-3))

      // The test part: a fifth, split off by the seed.
      let order = TensorDataset(
        inputs: Tensor((0..<ManyRows.count).map { Float($0) }, shape: [ManyRows.count]),
        labels: Tensor(labels: Array(repeating: 0, count: ManyRows.count)))
      let (rest, test) = order.split(0.2, seed: 0)
      let places = test.inputs.scalars(as: Double.self).map { Int($0) }
      let part = PlainRegression(places.map { predictions[$0] }, places.map { ManyRows.numbers[$0] })
      let own = try evaluate(folder, "x.npz", ["--samples", "0"])
      expectTrue(own["samples"] as? Int == places.count && own["part"] as? String == "test")
      expectTrue(agree(own["rmse"] as? Double, part.rmse) && agree(last["test_rmse"] as? Double, part.rmse))
      expectTrue(agree(own["mae"] as? Double, part.mae) && agree(last["test_mae"] as? Double, part.mae))
      expectTrue(agree(own["r2"] as? Double, part.r2) && agree(last["test_r2"] as? Double, part.r2))
      expectTrue(agree(last["test_loss"] as? Double, pow(part.rmse / target.deviation, 2)))

      // Learned from: what is left without the validation part, a fraction of 0.15 by the same seed.
      let learned = rest.split(0.15, seed: 0).0.inputs.scalars(as: Double.self).map { Int($0) }
      let training = PlainRegression(learned.map { predictions[$0] }, learned.map { ManyRows.numbers[$0] })
      expectTrue(agree(last["train_rmse"] as? Double, training.rmse))
      expectTrue(agree(last["train_loss"] as? Double, pow(training.rmse / target.deviation, 2)))
      expectTrue(last["steps"] as? Int == 3 * ((learned.count + 99) / 100) && last["epochs"] as? Int == 3)
    }
  }

  /// With passes the metrics are those of the predictions that `predict` prints.
  @Test func passesOfARegressionAreThoseOfPredict() throws {
    let arrays = ["x": ManyRows.inputs, "y": Tensor(ManyRows.numbers.map { Float($0) }, shape: [ManyRows.count, 1])]
    try ManyRows.withRun(arrays: arrays, ["--model", "4-16-1", "--epochs", "2", "--no-report"]) { folder, _ in
      let all = try evaluate(folder, "x.npz", ["--all", "--samples", "4", "--seed", "9"])
      let rows = try values(folder, ["--samples", "4", "--seed", "9", "--level", "0.9"]).map {
        $0.compactMap(Double.init)
      }
      let means = rows.map { $0[1] }, expected = PlainRegression(means, ManyRows.numbers)
      expectTrue(agree(all["rmse"] as? Double, expected.rmse) && agree(all["mae"] as? Double, expected.mae))
      let held = zip(rows, ManyRows.numbers).count { ($0[3]...$0[4]).contains($1) }
      expectTrue(agree(all["interval_coverage"] as? Double, Double(held) / Double(ManyRows.count), within: 1e-3))
    }
  }

  @Test func aClassificationOfATable() throws {
    try ManyRows.withRun(
      table: ManyRows.classTable, ["--target", "y", "--epochs", "3", "--no-report"]
    ) { folder, last in
      let model = try TrainedModel(contentsOf: folder + "/run"), network = try PlainNetwork(model.path)
      let probabilities = try ManyRows.encoded(folder).rows.map(network.probabilities)
      let all = try evaluate(folder, "x.csv", ["--all", "--samples", "0"])
      let whole = PlainClassification(probabilities, ManyRows.labels)
      expectTrue(all["samples"] as? Int == ManyRows.count)
      expectTrue(
        agree(all["accuracy"] as? Double, whole.accuracy) && agree(all["error"] as? Double, 1 - whole.accuracy))
      expectTrue(agree(all["negative_log_likelihood"] as? Double, whole.negativeLogLikelihood))
      expectTrue(agree(all["brier_score"] as? Double, whole.brier))
      expectTrue(agree(all["calibration_error"] as? Double, whole.calibration, within: 1e-3))

      var options = TableOptions(target: "y")
      options.task = .classification
      let table = try TrainingTable(path: folder + "/x.csv", options: options, seed: 0)
      for (part, key) in [(table.test, "test"), (table.train, "train")] {
        let labels = part.labels.scalars(as: Int64.self).map { Int($0) }
        let expected = PlainClassification(part.inputs.rows.map(network.probabilities), labels)
        expectTrue(agree(last[key + "_accuracy"] as? Double, expected.accuracy))
        expectTrue(agree(last[key + "_loss"] as? Double, expected.negativeLogLikelihood))
      }
      // The baseline: always the most frequent class of the training rows.
      let trained = table.train.labels.scalars(as: Int64.self), tested = table.test.labels.scalars(as: Int64.self)
      let most = (0..<3).max { a, b in trained.count { $0 == a } < trained.count { $0 == b } } ?? 0
      let baseline = try unwrapped(last["baseline"] as? [String: Any])
      let error = Double(tested.count { $0 != most }) / Double(tested.count)
      expectTrue(
        agree(baseline["test_error"] as? Double, error) && agree(baseline["test_accuracy"] as? Double, 1 - error))
    }
  }

  /// Rows of unknown classes and rows without a target are counted apart, also beyond the first thousand.
  @Test func unknownClassesAndMissingTargetsAreCounted() throws {
    try ManyRows.withRun(table: ManyRows.classTable, ["--target", "y", "--epochs", "1", "--no-report"]) { folder, _ in
      let targets = ManyRows.labels.enumerated().map { index, label in
        index % 100 == 7 ? "strange" : index % 100 == 8 ? "" : ["low", "middle", "top"][label]
      }
      try ManyRows.table(targets).write(toFile: folder + "/other.csv", atomically: false, encoding: .utf8)
      let metrics = try evaluate(folder, "other.csv", ["--samples", "0"])
      expectTrue(metrics["unknown"] as? Int == 23 && metrics["samples"] as? Int == ManyRows.count - 46)
      expectTrue(metrics["learned_from"] as? String == "unknown")
    }
  }

  @Test func theBaselineOfARegressionIsTheMeanOfTraining() throws {
    try ManyRows.withRun(table: ManyRows.numberTable, ["--target", "y", "--epochs", "1", "--no-report"]) {
      folder, last in
      let table = try TrainingTable(path: folder + "/x.csv", options: TableOptions(target: "y"), seed: 0)
      let target = table.encoding.target
      let truths = table.test.labels.scalars(as: Double.self).map { $0 * target.deviation + target.mean }
      let expected = PlainRegression(Array(repeating: target.mean, count: truths.count), truths)
      let baseline = try unwrapped(last["baseline"] as? [String: Any])
      expectTrue(agree(baseline["test_rmse"] as? Double, expected.rmse))
      expectTrue(agree(baseline["test_mae"] as? Double, expected.mae))
      expectTrue(agree(baseline["test_r2"] as? Double, expected.r2, within: 1e-3))
    }
  }
}
