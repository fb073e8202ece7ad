import MoultCore
import Testing

import MoultModels
import MoultNN
import MoultTraining
import MoultTestSupport

@Suite struct TableEncodingTests {
  /// Rows with their part; what is not for training would change every figure if it counted.
  static let text = """
    size,color,y,part
    1,red,10,train
    3,blue,20,train
    NA,red,30,train
    5,,40,train
    1000,green,5000,validation
    -1000,,6000,test
    """

  static func table(_ text: String = text) throws -> TrainingTable {
    var options = TableOptions(target: "y")
    options.splitColumn = "part"
    return try TrainingTable(options: options, shares: TrainingTable.Shares(), seed: 0) { () throws(MoultError) in
      try CSVReader(Array(text.utf8), location: "x")
    }
  }

  @Test func onlyTrainingRowsAreLookedAt() throws {
    let encoding = try Self.table().encoding
    expectEqual(encoding.columns.map(\.name), ["size", "color"])
    // Of 1, 3 and 5: mean 3, variance 8 / 3.
    guard case .number(let mean, let deviation) = encoding.columns[0].form else {
      Issue.record("expected a number, got \(encoding.columns[0])")
      return
    }
    expectTrue(mean == 3 && abs(deviation * deviation - 8.0 / 3) < 1e-12)
    expectTrue(encoding.columns[1].form == .oneHot(["blue", "red"]) && encoding.columns.allSatisfy(\.marksMissing))
    let target = encoding.target
    expectTrue(target.task == .regression && target.name == "y")
    expectTrue(target.mean == 25 && abs(target.deviation * target.deviation - 125) < 1e-9)
  }

  @Test func rowsBecomeNumbers() throws {
    let table = try Self.table()
    let unit = Float(8.0 / 3).squareRoot()
    let expected: [[Float]] = [
      [-2 / unit, 0, 0, 1, 0], [0, 0, 1, 0, 0], [0, 1, 0, 1, 0], [2 / unit, 0, 0, 0, 1],
    ]
    for (row, values) in expected.enumerated() {
      let got = table.train.inputs[row].scalars(as: Float.self)
      expectTrue(zip(got, values).allSatisfy { abs($0 - $1) < 1e-6 } && got.count == values.count, "row \(row): \(got)")
    }
    // A color that training has not seen is none of its colors.
    expectEqual(table.validation.inputs[0, 2...].scalars(as: Float.self), [0, 0, 0])
    expectTrue(
      table.train.labels.shape == [4, 1] && abs(table.train.labels.scalars(as: Double.self).reduce(0, +)) < 1e-6)
  }

  @Test func manyValuesAreEmbeddedAndRareOnesShareARow() throws {
    var text = "city,y,part\n"
    for i in 0..<60 { text += "c\(i % 20),\(i),train\n" }
    text += "once,7,train\nc3,1,validation\nnever,2,test\n,3,test\n"
    let table = try Self.table(text)
    let column = table.encoding.columns[0]
    expectEqual(column.form, .embedded((0..<20).map { "c\($0)" }.sorted(), sharesRare: true))
    expectTrue(
      table.encoding.embeddingRowCounts == [21] && table.encoding.plainSize == 0 && table.encoding.inputSize == 1)
    expectEqual(table.train.inputs[60, 0].item(), 21)
    let third = try unwrapped((0..<20).map { "c\($0)" }.sorted().firstIndex(of: "c3"))
    expectEqual(table.validation.inputs[0, 0].item(), Float(third + 1))
    // Unknown values are rarer than rare; a missing one is nothing, since training missed none.
    expectTrue(table.test.inputs[0, 0].item() == 21 && table.test.inputs[1, 0].item() == 0)
  }

  @Test func classesAreOrderedByNumberThenText() throws {
    let text = "x,y,part\n1,10,train\n2,9,train\n3,b,train\n4,a,validation\n5,9,test\n"
    let table = try Self.table(text)
    expectEqual(table.encoding.target.classNames, ["9", "10", "a", "b"])
    expectEqual(table.train.labels, Tensor([1, 0, 3] as [Int32], shape: [3]))
  }

  @Test func whatIsWrittenIsReadBack() throws {
    var tables = [try Self.table().encoding]
    tables.append(
      TableEncoding(
        target: PredictionTarget(classes: ["ä", "b,c"], name: "ziel \"x\""),
        columns: [
          ColumnEncoding(name: "a\nb", form: .embedded(["q", "\u{1}"], sharesRare: true), marksMissing: true),
          ColumnEncoding(name: "n", form: .number(mean: 0.1, deviation: 1e-17), marksMissing: false),
        ]))
    for encoding in tables { try expectEqual(TableEncoding.decode(encoding.json, location: "x"), encoding) }
  }

  @Test(arguments: [
    ("\"schema\":1", "\"schema\":2", "expected schema 1, got 2"),
    ("\"deviation\":", "\"deviation\":-", "a positive deviation"),
    ("\"encoding\":\"number\"", "\"encoding\":\"numbers\"", "column 'size'"),
    ("[\"blue\",\"red\"]", "[\"red\",\"red\"]", "column 'color'"),
    ("\"name\":\"size\"", "\"name\":\"color\"", "names that differ"), ("\"columns\"", "\"column\"", "no columns"),
    ("\"marks_missing\":true", "\"marks_missing\":1", "is of another type"),
  ]) func whatIsDamagedIsRefused(old: String, new: String, message: String) throws {
    let json = try Self.table().encoding.json.replacing(old, with: new)
    let error = try moultError { _ = try TableEncoding.decode(json, location: "x") }
    expectTrue(error.code == .badData && error.description.contains(message), "\(error)")
  }

  @Test func aScaleOutOfReachIsRefused() throws {
    let text = Self.text.replacing("\n3,blue", with: "\n1e300,blue")
    try expectTrue(moultError { _ = try Self.table(text) }.description.contains("size: expected a standard deviation"))
  }

  @Test func aTargetOutOfReachIsRefusedWithItsLine() throws {
    let text = Self.text.replacing(",6000,test", with: ",1e300,test")
    let error = try moultError { _ = try Self.table(text) }
    expectTrue(
      error.description.contains("line 7: y: expected a number of the column's scale") && error.code == .badData)
  }

  @Test func moreThanTheLimitIsRefusedBeforeItIsEncoded() throws {
    var options = TableOptions(target: "y")
    options.splitColumn = "part"
    func table(limit: Int) throws -> TrainingTable {
      try TrainingTable(options: options, shares: TrainingTable.Shares(), seed: 0, limit: limit) {
        () throws(MoultError) in try CSVReader(Array(Self.text.utf8), location: "x")
      }
    }
    // Six rows of five inputs.
    try expectEqual(table(limit: 120).train.count, 4)
    try expectTrue(moultError { _ = try table(limit: 119) }.message.contains("6 rows of 5 inputs of 4 bytes"))
    try expectTrue(moultError { _ = try table(limit: 95) }.message.contains("at most 5 rows, got more"))
  }
}
