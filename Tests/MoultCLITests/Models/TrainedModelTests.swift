import Foundation
import Moult
import MoultTestSupport
import Testing

/// Models of the tool, loaded and used from Swift.
@Suite struct TrainedModelTests {
  /// The predictions of the tool as numbers, without the number of the row.
  private func printed(_ folder: String, _ data: String, _ options: [String]) throws -> [[Double]] {
    let result = try Tool.run(["predict", "run", data] + options, folder: folder)
    try #require(result.status == 0, "\(result.error)")
    return result.lines.dropFirst().map { $0.split(separator: ",").dropFirst().compactMap { Double($0) } }
  }

  @Test(arguments: [0, 7]) func aTableIsPredictedAsByTheTool(passes: Int) throws {
    try TableTrainingTests.withTrainedTable(TableTrainingTests.quantities) { folder in
      let model = try TrainedModel(contentsOf: folder + "/run")
      expectTrue(
        model.target.task == .regression && model.target.name == "y" && model.columnNames == ["size", "color", "city"])
      let expected = try printed(folder, "x.csv", ["--samples", "\(passes)", "--seed", "5", "--level", "0.8"])
      let predictions = try model.predict(table: folder + "/x.csv", passes: passes, seed: 5)
      try #require(predictions.count == 120 && expected.count == 120)
      for (prediction, line) in zip(predictions, expected) {
        let number = try unwrapped(prediction.number), (lower, upper) = number.interval(0.8)
        expectTrue([number.mean, number.deviation, lower, upper] == line && prediction.classes == nil)
      }
      // The same rows by name, with another column and in another order, and in the order of the columns.
      let rows = TableTrainingTests.quantities.split(separator: "\n").dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      let named = rows.map { ["city": $0[2], "size": $0[0], "color": $0[1], "more": "x"] }
      try expectEqual(model.predict(rows: named, passes: passes, seed: 5), predictions)
      try expectEqual(model.predict(rows: rows.map { Array($0.prefix(3)) }, passes: passes, seed: 5), predictions)
      try expectEqual(model.predict(rows: [[String]](), passes: passes), [])
    }
  }

  @Test func classesHaveNamesProbabilitiesAndEntropy() throws {
    try TableTrainingTests.withTrainedTable(TableTrainingTests.classes) { folder in
      let model = try TrainedModel(contentsOf: folder + "/run/model.safetensors")
      expectTrue(
        model.outputNames == ["cold", "mild", "warm, \"hot\""] && model.target.classNames == model.outputNames)
      let lines = try Tool.run(["predict", "run", "x.csv", "--samples", "6", "--json"], folder: folder).json()
      let predictions = try model.predict(table: folder + "/x.csv", passes: 6)
      for (prediction, line) in zip(predictions, lines) {
        let classes = try unwrapped(prediction.classes),
          shown = try unwrapped(line["probabilities"] as? [String: Double])
        expectTrue(classes.label == line["class"] as? String && prediction.number == nil)
        expectTrue(
          agree(line["entropy"] as? Double, classes.entropy)
            && agree(line["probability"] as? Double, classes.probability))
        expectTrue(zip(model.outputNames, classes.probabilities).allSatisfy { agree(shown[$0], $1) })
      }
      expectTrue(predictions.count == 120 && lines.count == 120)
    }
  }

  @Test func aTensorIsPredictedInPartsByManyTasks() async throws {
    let (inputs, model, expected) = try SampleArrays.withRunValue(
      ["x": SampleArrays.inputs, "y": SampleArrays.classes]
    ) { folder in
      (
        SampleArrays.inputs, try TrainedModel(contentsOf: folder + "/run"),
        try printed(folder, "data.npz", ["--samples", "8"])
      )
    }
    let whole = try model.predict(inputs, passes: 8)
    expectEqual(whole.compactMap(\.classes).map(\.probabilities), expected.map { Array($0.suffix(3)) })
    let parts = try await withThrowingTaskGroup(of: (Int, [RowPrediction]).self) { group in
      for start in stride(from: 0, to: 40, by: 10) {
        group.addTask { (start, try model.predict(inputs[start..<start + 10], passes: 8, firstRow: start)) }
      }
      return try await group.reduce(into: [Int: [RowPrediction]]()) { $0[$1.0] = $1.1 }
    }
    expectEqual([0, 10, 20, 30].flatMap { parts[$0] ?? [] }, whole)
    // A second model in the same process has the same masks.
    let again = try Tool.withFolder { folder in
      // The folder of the run is gone: the model needs a file of its own.
      let path = folder + "/model.safetensors"
      try model.network.save(to: path, metadata: model.metadata)
      return try TrainedModel(contentsOf: path)
    }
    try expectEqual(again.predict(inputs, passes: 8), whole)
  }

  @Test func mistakesAreSaid() throws {
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return ""
    }
    expectTrue(
      message { _ = try TrainedModel(contentsOf: "/nowhere/run") }.contains("expected a run folder or a model file"))
    try TableTrainingTests.withTrainedTable(TableTrainingTests.quantities) { folder in
      let model = try TrainedModel(contentsOf: folder + "/run")
      expectTrue(
        message {
          _ = try model.predict(rows: [
            ["size": "1", "color": "red", "city": "c1"], ["Size": "1", "color": "red", "city": ""],
          ])
        }
        .contains("row 2: expected a text for 'size', got none; near it: Size"))
      expectTrue(message { _ = try model.predict(rows: [["1", "red"]]) }.contains("row 1: expected 3 texts"))
      expectTrue(
        message { _ = try model.predict(rows: [["large", "red", "c1"]]) }.contains(
          "row 1: size: expected a finite number, got 'large'"))
      // The first row takes two lines.
      expectTrue(
        message { _ = try model.predict(rows: [["1", "red", "c\n1"], ["large", "red", "c1"]]) }.contains(
          "run/model.safetensors: row 2: size: expected a finite number, got 'large'"))
      expectTrue(
        message { _ = try model.predict(rows: [["1", "red", "c\n1"], ["2", "red", "\0"]]) }.contains(
          "row 2: expected text, got a NUL byte"))
      expectTrue(message { _ = try model.predict(.ones([2, 3])) }.contains("expected inputs [N, "))
      expectTrue(message { _ = try model.predict(table: folder + "/nothing.csv") }.contains("nothing.csv"))
    }
    try SampleArrays.withRun(["x": SampleArrays.inputs, "y": SampleArrays.classes]) { folder, _ in
      let model = try TrainedModel(contentsOf: folder + "/run")
      expectTrue(model.columnNames == [] && model.inputSize == 3)
      expectTrue(message { _ = try model.predict(rows: [["1", "2", "3"]]) }.contains("got one of images or arrays"))
    }
  }

  /// Files of old versions do not name their variant; the names of their parameters tell it.
  @Test(arguments: [
    ("concrete", "concrete"), ("variational-dropout", "variational-dropout"), ("multi-sample", "multi-sample"),
    ("variational-linear", "variational-linear"), ("standout", "standout"), ("gaussian-dropout", "dropout"),
  ]) func theVariantOfAnOldFileIsToldByItsParameters(variant: String, told: String) throws {
    try SampleArrays.withRun(["x": SampleArrays.inputs, "y": SampleArrays.classes], ["--variant", variant]) {
      folder, _ in
      let path = folder + "/run/model.safetensors"
      let known = try Tool.run(["doctor", path, "data.npz"], folder: folder)
      expectTrue(known.error.contains(", \(variant) 0.5, looked at"), "\(known.error)")
      let tensors = try SafeTensors.read(path).tensors
      try SafeTensors.write(tensors, metadata: [:], to: path)
      let old = try Tool.run(["doctor", path, "data.npz"], folder: folder)
      expectTrue(old.error.contains(", \(told) 0.5, looked at"), "\(old.error)")
    }
  }
}
