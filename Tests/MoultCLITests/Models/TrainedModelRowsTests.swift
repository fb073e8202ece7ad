import Foundation
import Moult
import MoultTestSupport
import Testing

/// Rows in memory, of numbers and texts, predicted with models that an older tool left.
@Suite struct TrainedModelRowsTests {
  @Test(arguments: ["classes", "regression"], [0, 20])
  func rowsAreThoseOfTheTable(name: String, passes: Int) throws {
    let model = try OldModels.load(name), rows = try OldModels.rows(40)
    let predictions = try model.predict(rows: rows, passes: passes, seed: 3)
    for (prediction, line) in zip(predictions, try OldModels.predictions(name, passes: passes)) {
      if let classes = prediction.classes {
        expectEqual([classes.probability, classes.entropy, classes.mutualInformation] + classes.probabilities, line)
      }
      if let number = prediction.number {
        let (lower, upper) = number.interval(0.9)
        expectEqual([number.mean, number.deviation, lower, upper], line)
      }
    }
    try expectEqual(Array(model.predict(table: OldModels.table, passes: passes, seed: 3).prefix(40)), predictions)
    let ordered = rows.map { row in model.columnNames.compactMap { row[$0] } }
    try expectEqual(model.predict(rows: ordered, passes: passes, seed: 3), predictions)
    // Numbers as texts with spaces, as a file has them.
    let texts = rows.map {
      $0.mapValues { value -> TableValue in
        if case .number(let number) = value { .text(" \(number)\t") } else { value }
      }
    }
    try expectEqual(model.predict(rows: texts, passes: passes, seed: 3), predictions)
    expectTrue(predictions.count == 40 && model.columnNames.count == 7)
  }

  @Test func aModelOfImagesTakesRowsOfNumbers() throws {
    let model = try OldModels.load("images"), count = model.inputSize
    let numbers = (0..<2 * count).map { Float($0 * 7 % 31) / 31 }
    let rows = [0, 1].map { row in numbers[row * count..<(row + 1) * count].map { TableValue.number(Double($0)) } }
    try expectEqual(
      model.predict(rows: rows, passes: 5), model.predict(Tensor(numbers, shape: [2, count]), passes: 5))
    expectEqual(
      message { try model.predict(rows: [[1, 2]]) }, "row 1: expected 675 numbers, as the model takes, got 2")
    expectEqual(
      message { try model.predict(rows: [[.number(.infinity)]]) },
      "row 1: value 1: expected a finite number, got 'inf'")
    expectTrue(message { try model.predict(rows: [["x": 1]] as [[String: TableValue]]) }.contains("a model of a table"))
  }

  @Test func valuesAreDecodedFromJSON() throws {
    let row = #"{"a": 1.5, "b": -2, "c": "x", "d": null, "e": true}"#
    let values = try JSONDecoder().decode([String: TableValue].self, from: Data(row.utf8))
    expectEqual(values, ["a": 1.5, "b": -2, "c": "x", "d": .missing, "e": "true"])
    do {
      _ = try JSONDecoder().decode([String: TableValue].self, from: Data(#"{"a": [1]}"#.utf8))
    } catch DecodingError.dataCorrupted(let context) {
      expectEqual(context.codingPath.map(\.stringValue), ["a"])
      return expectEqual(context.debugDescription, "expected a number, a text, true, false or null")
    }
    Issue.record("an array was decoded")
  }

  /// What is wrong with the second of two rows, and what is said.
  @Test func mistakesNameRowColumnAndWhatIsNear() throws {
    let model = try OldModels.load("classes"), rows = try OldModels.rows(2)
    let cases: [(change: (inout [String: TableValue]) -> Void, expected: String)] = [
      (
        { $0["bill_lenght_mm"] = $0.removeValue(forKey: "bill_length_mm") },
        "row 2: expected a value for 'bill_length_mm', got none; near it: bill_lenght_mm; give a missing value "
          + "(null in JSON) if it is not known"
      ),
      (
        { $0["Sex"] = 1 },
        "row 2: expected columns that the model reads, got 'Sex'; near it: sex; it reads island, bill_length_mm, "
          + "bill_depth_mm, flipper_length_mm, body_mass_g, sex, year"
      ),
      (
        { $0["island"] = "Drean" },
        "row 2: island: expected a category that training had, got 'Drean'; near it: Dream; training had "
          + "Biscoe, Dream, Torgersen"
      ),
      (
        { $0["island"] = 3 },
        "row 2: island: expected a category that training had, got '3'; training had Biscoe, Dream, Torgersen"
      ),
      (
        { $0["year"] = "last" },
        "row 2: year: expected a finite number, got 'last'; mend it, or give a missing value"
      ),
      (
        { $0["year"] = .number(.nan) },
        "row 2: year: expected a finite number, got 'nan'; mend it, or give a missing value"
      ),
      ({ $0["year"] = 1e12 }, "row 2: year: expected a number of the column's scale"),
    ]
    for (change, expected) in cases {
      var changed = rows
      change(&changed[1])
      let message = message { try model.predict(rows: changed) }
      expectTrue(message.hasPrefix(expected), message)
    }
    expectEqual(
      message { try model.predict(rows: [[1, "x"]]) },
      "row 1: expected 7 values, one for each of columnNames, got 2")
  }

  @Test func unknownValuesCanBeIgnored() throws {
    let model = try OldModels.load("classes")
    var row = try OldModels.rows(1)[0]
    (row["more"], row["island"], row["sex"]) = ("x", "Atlantis", "NA")
    let texts = row.mapValues { value in
      switch value {
      case .number(let number): "\(number)"
      case .text(let text): text
      case .missing: ""
      }
    }
    try expectEqual(model.predict(rows: [row], unknown: .ignore), model.predict(rows: [texts]))
    row["sex"] = .missing
    try expectEqual(model.predict(rows: [row], unknown: .ignore), model.predict(rows: [texts]))
  }

  private func message(_ body: () throws -> [RowPrediction]) -> String {
    do {
      _ = try body()
      return ""
    } catch {
      return (error as? MoultError)?.message ?? "\(error)"
    }
  }
}
