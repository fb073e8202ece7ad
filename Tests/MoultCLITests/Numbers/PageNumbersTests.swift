import Foundation
import Moult
import MoultDigits
import MoultTestSupport
import Testing

/// The numbers of the page of a run, recomputed from the saved model and the data.
@Suite struct PageNumbersTests {
  /// The values of a metric in the order of the page, without those of epochs.
  private func values(_ metric: String, _ page: String) -> [Double] {
    page.components(separatedBy: "<")
      .filter { $0.contains("data-metric=\"\(metric)\"") && !$0.contains("data-epoch") }
      .compactMap { tag in
        tag.components(separatedBy: "data-value=\"").dropFirst().first?.components(separatedBy: "\"").first
          .flatMap(Double.init)
      }
  }

  private func page(_ folder: String) throws -> String {
    try String(contentsOfFile: folder + "/run/report.html", encoding: .utf8)
  }

  @Test func aClassification() throws {
    try ManyRows.withRun(table: ManyRows.classTable, ["--target", "y", "--epochs", "3"]) { folder, last in
      let page = try page(folder), model = try TrainedModel(contentsOf: folder + "/run")
      let network = try PlainNetwork(model.path)
      let table = try TrainingTable(path: folder + "/x.csv", options: TableOptions(target: "y"), seed: 0)
      let labels = table.test.labels.scalars(as: Int64.self).map { Int($0) }
      let probabilities = table.test.inputs.rows.map(network.probabilities)
      let expected = PlainClassification(probabilities, labels)
      expectTrue(agree(values("test_accuracy", page).first, expected.accuracy))
      let gap = try unwrapped(last["train_accuracy"] as? Double) - expected.accuracy
      expectLess(abs(try unwrapped(values("generalization_gap", page).first) - gap), 1e-6)
      expectTrue(agree(values("ece", page).first, expected.calibration, within: 1e-3))
      expectTrue(agree(values("nll", page).first, expected.negativeLogLikelihood))

      // Precision and recall of each class by counting.
      let best = probabilities.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
      let precision = (0..<3).map { label in
        Double(zip(best, labels).count { $0 == label && $1 == label }) / Double(best.count { $0 == label })
      }
      let recall = (0..<3).map { label in
        Double(zip(best, labels).count { $0 == label && $1 == label }) / Double(labels.count { $0 == label })
      }
      // The table has its own order.
      let shown = zip(values("precision", page), values("recall", page)).sorted { $0.0 < $1.0 }
      let counted = zip(precision, recall).sorted { $0.0 < $1.0 }
      expectEqual(shown.count, 3)
      expectTrue(zip(shown, counted).allSatisfy { agree($0.0, $1.0) && agree($0.1, $1.1) }, "\(shown) \(counted)")

      // Whether entropy tells wrong predictions from right ones.
      let entropy = withSeed(0) {
        model.network.predict(table.test.inputs, passes: 100, as: .classification).entropy.scalars(as: Double.self)
      }
      let right = zip(entropy, zip(best, labels)).filter { $1.0 == $1.1 }.map(\.0)
      let wrong = zip(entropy, zip(best, labels)).filter { $1.0 != $1.1 }.map(\.0)
      let wins = wrong.reduce(0.0) { sum, w in right.reduce(sum) { $0 + ($1 < w ? 1 : $1 == w ? 0.5 : 0) } }
      expectTrue(agree(values("auroc", page).first, wins / Double(right.count * wrong.count), within: 2e-3))
    }
  }

  /// The wrong predictions with the greatest confidence, the worst first, with their places in the test part.
  @Test func theMostWrongDigits() throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(
        ["train", "--epochs", "1", "--model", "784-16-10", "--quiet", "--out", "run"], folder: folder)
      try #require(result.status == 0, "\(result.error)")
      let network = try PlainNetwork(folder + "/run/model.safetensors"), test = try BundledDigits.load().test
      let probabilities = test.inputs.rows.map(network.probabilities)
      let labels = test.labels.scalars(as: Int64.self).map { Int($0) }
      let best = probabilities.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
      let wrong = labels.indices.filter { best[$0] != labels[$0] }
        .sorted { probabilities[$0][best[$0]] > probabilities[$1][best[$1]] }
      let shown = try page(folder).components(separatedBy: "no. ").dropFirst().compactMap { text in
        Int(text.prefix { $0.isNumber })
      }
      expectTrue(wrong.count > 24 && shown == Array(wrong.prefix(24)), "\(shown)")
    }
  }

  @Test func aRegression() throws {
    try ManyRows.withRun(table: ManyRows.numberTable, ["--target", "y", "--epochs", "3", "--max-norm", "1.5"]) {
      folder, last in
      let page = try page(folder), model = try TrainedModel(contentsOf: folder + "/run")
      let network = try PlainNetwork(model.path), target = model.target, noise = try unwrapped(model.noise)
      let table = try TrainingTable(path: folder + "/x.csv", options: TableOptions(target: "y"), seed: 0)
      let truths = table.test.labels.scalars(as: Double.self)
      let outputs = table.test.inputs.rows.map { network.outputs($0)[0] }
      let expected = PlainRegression(
        outputs.map { $0 * target.deviation + target.mean }, truths.map { $0 * target.deviation + target.mean })
      expectEqual(values("test_rmse", page).count, 2)
      expectTrue(values("test_rmse", page).allSatisfy { agree($0, expected.rmse) })
      let baseline = try unwrapped(last["baseline"] as? [String: Any])
      expectTrue(agree(values("baseline_rmse", page).first, try unwrapped(baseline["test_rmse"] as? Double)))

      // How many test rows lie in the intervals of each level.
      let passes = withSeed(0) { model.network.predict(table.test.inputs, passes: 100, as: .regression) }
      let distances = zip(zip(passes.mean.scalars(as: Double.self), passes.variance.scalars(as: Double.self)), truths)
        .map { abs($0.0 - $1) / ($0.1 + noise.variance).squareRoot() }
      // Standard deviations that hold 50, 60, 70, 80, 90, 95 and 99 % of a normal distribution.
      let widths = [0.67449, 0.84162, 1.03643, 1.28155, 1.64485, 1.95996, 2.57583]
      let coverage = widths.map { width in Double(distances.count { $0 <= width }) / Double(distances.count) }
      let shown = values("coverage", page)
      expectTrue(shown.count == 7 && zip(shown, coverage).allSatisfy { abs($0 - $1) < 0.005 }, "\(shown) \(coverage)")

      // The norms of the units' weights, of each layer the mean, the least and the largest.
      let tensors = try SafeTensors.read(model.path).tensors
      let norms = try ["hiddenLayers.0", "hiddenLayers.1", "outputLayer"].map { name in
        try unwrapped(tensors[name + ".weight"]).rows.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      }
      for (metric, value) in [
        ("norm_mean", { (norms: [Double]) in norms.reduce(0, +) / Double(norms.count) }),
        ("norm_min", { $0.min() ?? 0 }),
        ("norm_max", { $0.max() ?? 0 }),
      ] {
        let shown = values(metric, page)
        expectTrue(shown.count == 3 && zip(shown, norms).allSatisfy { agree($0, value($1)) }, "\(metric)")
      }
    }
  }
}
