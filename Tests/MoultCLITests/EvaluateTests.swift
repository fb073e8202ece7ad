import Foundation
import Moult
import MoultTestSupport
import Testing

/// Arrays that tests train on.
enum SampleArrays {
  /// 40 points.
  static let inputs = Tensor((0..<120).map { Float($0 * 29 % 31) / 31 }, shape: [40, 3])
  static let classes = Tensor(labels: (0..<40).map { $0 * 7 % 3 })
  /// Far from 0 and 1, around 1020.
  static let quantities = Tensor((0..<40).map { Float(1000 + $0) }, shape: [40])

  /// Trains for an epoch or two and hands out the folder with `data.npz` and `run`.
  static func withRun(
    _ arrays: [String: Tensor], _ options: [String] = [],
    _ body: (_ folder: String, _ last: [String: Any]) throws -> Void
  ) throws {
    try Tool.withFolder { folder in
      try NPZ.write(arrays, to: folder + "/data.npz")
      let result = try Tool.run(
        ["train", "data.npz", "--epochs", "2", "--json", "--out", "run"]
          + (options.contains("--report") ? options : options + ["--no-report"]), folder: folder)
      expectEqual(result.status, 0, "\(result.error)")
      try body(folder, try unwrapped(try result.json().last))
    }
  }
}

extension SampleArrays {
  /// Trains as `withRun` does and returns what `body` makes of the folder.
  static func withRunValue<Value>(
    _ arrays: [String: Tensor], _ body: (_ folder: String) throws -> Value
  ) throws -> Value {
    var value: Value?
    try withRun(arrays) { folder, _ in value = try body(folder) }
    return try unwrapped(value)
  }
}

@Suite struct EvaluateTests {
  private func evaluate(
    _ folder: String, _ data: String, _ options: [String] = []
  ) throws -> (metrics: [String: Any], error: String) {
    let result = try Tool.run(["evaluate", "run", data, "--samples", "0", "--json"] + options, folder: folder)
    expectEqual(result.status, 0, "\(result.error)")
    return (try unwrapped(try result.json().first), result.error)
  }

  @Test func arraysOfATargetAreEvaluatedInItsUnit() throws {
    try SampleArrays.withRun(["x": SampleArrays.inputs, "y": SampleArrays.quantities]) { folder, last in
      let (metrics, _) = try evaluate(folder, "data.npz", ["--seed", "5"])
      let expected = try unwrapped(last["test_rmse"] as? Double)
      expectLess(abs(try unwrapped(metrics["rmse"] as? Double) - expected), 1e-3 * expected)
      expectTrue(metrics["interval_coverage"] is Double)
    }
  }

  @Test func theRunsOwnTestPartIsEvaluated() throws {
    let arrays = ["x": SampleArrays.inputs, "y": SampleArrays.classes]
    try SampleArrays.withRun(arrays, ["--split-seed", "3"]) { folder, last in
      let test = try evaluate(folder, "data.npz", ["--seed", "5"])
      expectTrue(test.metrics["samples"] as? Int == 8 && test.metrics["learned_from"] as? String == "none")
      expectTrue(
        test.error.contains("evaluated on the run's test part of data.npz: 8 of 40 samples, none learned from"),
        "\(test.error)")
      let loss = try unwrapped(last["test_loss"] as? Double)
      expectLess(abs(try unwrapped(test.metrics["negative_log_likelihood"] as? Double) - loss), 1e-5)

      let all = try evaluate(folder, "data.npz", ["--all"])
      expectTrue(all.metrics["samples"] as? Int == 40 && all.metrics["learned_from"] as? String == "some")
      expectTrue(all.error.contains("of which the network learned from 32 of 40"), "\(all.error)")

      try NPZ.write(["x": SampleArrays.inputs + 0.5, "y": SampleArrays.classes], to: folder + "/other.npz")
      let other = try evaluate(folder, "other.npz")
      expectTrue(other.metrics["samples"] as? Int == 40 && other.metrics["part"] as? String == "all")
      expectTrue(other.error.contains("all samples of other.npz, which are not the very data of training"))
    }
  }

  @Test func aTestPartThatTheDataBringIsEvaluatedAndAllMayBe() throws {
    let arrays = [
      "x_train": SampleArrays.inputs, "y_train": SampleArrays.classes, "x_test": SampleArrays.inputs[0..<7],
      "y_test": SampleArrays.classes[0..<7],
    ]
    try SampleArrays.withRun(arrays) { folder, _ in
      let test = try evaluate(folder, "data.npz")
      expectTrue(test.metrics["samples"] as? Int == 7 && test.error.contains("the test part of data.npz: 7 samples"))
      let all = try evaluate(folder, "data.npz", ["--all"])
      expectTrue(all.metrics["samples"] as? Int == 47 && all.error.contains("training part among them"))
    }
  }

  @Test func theTestRowsOfATableAreEvaluated() throws {
    try Tool.withFolder { folder in
      let text = TableTrainingTests.quantities
      try text.write(toFile: folder + "/x.csv", atomically: false, encoding: .utf8)
      let trained = try Tool.run(
        ["train", "x.csv", "--target", "y", "--epochs", "2", "--json", "--no-report", "--out", "run"], folder: folder)
      let expected = try unwrapped(try trained.json().last?["test_rmse"] as? Double)
      let test = try evaluate(folder, "x.csv", ["--seed", "4"])
      expectTrue(test.error.contains("evaluated on the run's test part of x.csv: 18 of 119 samples"), "\(test.error)")
      expectLess(abs(try unwrapped(test.metrics["rmse"] as? Double) - expected), 1e-3 * expected)
      let all = try evaluate(folder, "x.csv", ["--all"])
      expectTrue(all.metrics["samples"] as? Int == 119 && all.metrics["learned_from"] as? String == "some")
      let part = text.split(separator: "\n").prefix(51).joined(separator: "\n")
      try part.write(toFile: folder + "/part.csv", atomically: false, encoding: .utf8)
      let other = try evaluate(folder, "part.csv")
      expectTrue(other.metrics["samples"] as? Int == 49 && other.metrics["learned_from"] as? String == "unknown")
    }
  }

  @Test func classesBeyondTheModelsAreLeftOutAndCounted() throws {
    try SampleArrays.withRun(["x": SampleArrays.inputs, "y": SampleArrays.classes], ["--model", "3-8-5"]) { folder, _ in
      var labels = (0..<40).map { $0 * 7 % 3 }
      // The network has outputs for 3 and 4, which are no classes.
      labels.replaceSubrange(0..<4, with: [9, 3, 4, 5])
      try NPZ.write(["x": SampleArrays.inputs, "y": Tensor(labels: labels)], to: folder + "/other.npz")
      let evaluated = try evaluate(folder, "other.npz")
      expectTrue(evaluated.metrics["samples"] as? Int == 36 && evaluated.metrics["unknown"] as? Int == 4)
      expectTrue(evaluated.error.contains("4 samples of classes that the model does not know"), "\(evaluated.error)")

      try NPZ.write(["x": SampleArrays.inputs, "y": SampleArrays.quantities], to: folder + "/quantity.npz")
      let wrong = try Tool.run(["evaluate", "run", "quantity.npz"], folder: folder)
      expectTrue(wrong.status == 65 && wrong.error.contains("expected the numbers of classes"), "\(wrong.error)")
    }
  }

  @Test func aReportEvaluatesNoIntervalsOnWhatTheyWereFittedTo() throws {
    let arrays = ["x": SampleArrays.inputs, "y": SampleArrays.quantities]
    for (share, isEvaluated) in [("0", false), ("0.2", true)] {
      try SampleArrays.withRun(arrays, ["--validation-share", share, "--report"]) { folder, _ in
        let page = try String(contentsOfFile: folder + "/run/report.html", encoding: .utf8)
        expectEqual(page.contains("Interval coverage"), isEvaluated)
        expectNotEqual(page.contains("The noise was estimated on the test part"), isEvaluated)
      }
    }
  }

  @Test func intervalsFittedOnTheTestPartAreNoted() throws {
    let arrays = ["x": SampleArrays.inputs, "y": SampleArrays.quantities]
    try SampleArrays.withRun(arrays, ["--validation-share", "0"]) { folder, _ in
      let seen = try evaluate(folder, "data.npz").error
      expectTrue(seen.contains("estimated on the test part"))
    }
    try SampleArrays.withRun(arrays) { folder, _ in
      let own = try evaluate(folder, "data.npz").error
      expectTrue(!own.contains("estimated on the test part"))
    }
  }
}
