import MoultCore
import MoultModels
import MoultNN
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct ColumnSummaryTests {
  private func schema(
    _ values: [String], target: String = "y", _ change: (inout TableOptions) -> Void = { _ in }
  ) throws -> TableSchema {
    var options = TableOptions(target: target)
    change(&options)
    let rows = values.enumerated().map { "\"\($0.element)\",\($0.offset * $0.offset).5\n" }
    return try TableSchema(CSVReader(Array(("x,y\n" + rows.joined()).utf8), location: "f"), options: options)
  }

  private static let numbersWithAText = (0..<30).map { $0 == 12 ? "None" : "\($0 * 7 % 31)" }

  @Test func aTextAmongManyNumbersIsRefused() throws {
    let error = try moultError { _ = try schema(Self.numbersWithAText) }
    expectEqual(
      error.description,
      "f: line 14: x: expected a number, as 29 of the column's values are, got 'None'; mend it, "
        + "write NA where a value is missing, or say --categorical x, or --ignore x")
    let target = try moultError { _ = try schema(Self.numbersWithAText, target: "x") }
    expectTrue(target.description.hasSuffix("or say --task classification"))
    // Of few values it may be one of names, and so may one of several texts.
    try expectEqual(schema(Self.numbersWithAText.map { $0 == "None" ? $0 : "\($0.count)" }).columns[0].kind, .category)
    try expectEqual(schema(["a", "a", "b", "c"] + Self.numbersWithAText).columns[0].kind, .category)
  }

  @Test func theSameFewTextsAmongManyNumbersAreRefused() throws {
    // A quarter of the values stands for a missing one.
    let values = (0..<120).map { $0 % 4 == 0 ? "-" : "\($0 * 7 % 61)" }
    let error = try moultError { _ = try schema(values) }
    expectTrue(
      error.message.hasPrefix("line 2: x: expected a number, as 90 of the column's values are, got '-'"), "\(error)")
    try expectTrue(moultError { _ = try schema(values, target: "x") }.message.contains("--task classification"))
    // Four texts may be names of what numbers are names of too, and of twenty numbers none may be one.
    try expectEqual(schema(["a", "b", "c"] + values).columns[0].kind, .category)
    try expectEqual(
      schema(values.map { $0.count < 2 ? $0 : "\(Int($0).map { $0 % 10 } ?? 0)" }).columns[0].kind, .category)
  }

  @Test(arguments: ["$70,300.98", "-£5", "8.19 €", "€8.19", "70.3%", "0,5 %", "¥ 1e3"])
  func unitsOfNumbersAreRefused(text: String) throws {
    let values = (0..<30).map { $0 == 1 ? text : "\($0)%" }
    let error = try moultError { _ = try schema(values) }
    expectTrue(error.message.hasPrefix("line 2: x: expected numbers as 1234.5, without a unit, got '0%'"), "\(error)")
    // A few shares may be names.
    try expectEqual(schema([text, "10%", text, "20%"]).columns[0].kind, .category)
  }

  @Test(arguments: ["$", "%", "5 m", "$5%", "% %", "five €", "- $5"]) func otherTextsWithUnitsAreNames(text: String)
    throws
  {
    let values = (0..<30).map { $0 == 1 ? text : "\($0)%" }
    try expectEqual(schema(values + ["2%"]).columns[0].kind, .category)
  }

  @Test func onlyCountsFromZeroOrOneAreTheRowsOwn() throws {
    func kind(_ first: Int, _ change: (inout TableOptions) -> Void = { _ in }) throws -> TableColumn.Kind {
      let text = "x,z,y\n" + (0..<30).map { "\(first + $0),\($0 % 5 * 2),\($0 % 7).5\n" }.joined()
      var options = TableOptions(target: "y")
      change(&options)
      return try TableSchema(CSVReader(Array(text.utf8), location: "f"), options: options).columns[0].kind
    }
    try expectEqual([kind(0), kind(1), kind(1960), kind(-1)], [.rowNumber, .rowNumber, .number, .number])
    try expectEqual(kind(0) { $0.numeric = ["x"] }, .number)
    let error = try moultError { _ = try schema((0..<30).map(String.init)) }
    expectEqual(
      error.message,
      "expected a column to learn 'y' from, got x (row number); say --numeric to learn from the row numbers")
  }

  @Test func whatIsSaidToBeNumbersMustBe() throws {
    let error = try moultError { _ = try schema(["1", "red", "2"]) { $0.numeric = ["x"] } }
    expectTrue(error.message.hasPrefix("line 3: x: expected a number, as --numeric says, got 'red'"))
    let both = try moultError {
      _ = try schema(["1", "2"]) { ($0.numeric, $0.categorical) = (["x"], ["x"]) }
    }
    expectTrue(both.message.contains("expected 'x' to be numeric or something else, got both"))
    let unknown = try moultError { _ = try schema(["1", "2"]) { $0.numeric = ["w"] } }
    expectTrue(unknown.message.contains("expected a column 'w', got none"))
  }

  @Test func whatTheUserSaysOfItCounts() throws {
    try expectEqual(schema(Self.numbersWithAText) { $0.categorical = ["x"] }.columns[0].kind, .category)
    try expectEqual(schema(Self.numbersWithAText, target: "x") { $0.task = .classification }.task, .classification)
    // Left out as told; then nothing is left to learn from.
    let ignored = try moultError { _ = try schema(Self.numbersWithAText) { $0.ignored = ["x"] } }
    expectTrue(ignored.message.contains("expected a column to learn 'y' from"))
  }

  @Test(arguments: ["0,910", "3,488", "-1,5", "1,234,567", "1,234,567.8", "1.234,5", ",5"])
  func commasInNumbersAreRefused(text: String) throws {
    let error = try moultError { _ = try schema(["7", text, "8", text]) }
    expectTrue(error.message.hasPrefix("line 3: x: expected numbers as 1234.5"), "\(error)")
    try expectEqual(schema(["7", text, "red", text]).columns[0].kind, .category)
  }

  @Test(arguments: ["1,2,3", "1,", ",", "a,5", "1,5 m", "1,23,456", "1.2.3", "--1,5"])
  func otherTextsWithCommasAreNames(text: String) throws {
    try expectEqual(schema(["7", text, "8", text]).columns[0].kind, .category)
  }

  @Test func textsThatAreEqualByUnicodeAreOneValue() throws {
    let column = try schema(["caf\u{E9}", "cafe\u{301}", "tea", "tea"]).columns[0]
    expectEqual(column.differentCount, 2)
    let error = try moultError { _ = try schema(["caf\u{E9}", "cafe\u{301}"], target: "x") }
    expectTrue(error.message.contains("expected a target with values that differ"))
  }

  @Test func zerosInFrontLookLikeCodes() throws {
    try expectTrue(schema(["00501", "10001", "94110", "94110"]).columns[0].looksLikeCodes)
    try expectTrue(!schema(["0", "10", "94110", "0"]).columns[0].looksLikeCodes)
    try expectTrue(!schema(["0.5", "10", "00.5", "0"]).columns[0].looksLikeCodes)
  }

  @Test func aHundredThousandColumnsAreEncoded() throws {
    let count = 100_000, names = (0..<count).map { "c\($0)" }
    let encoding = TableEncoding(
      target: PredictionTarget(number: "y", mean: 0, deviation: 1),
      columns: names.map { ColumnEncoding(name: $0, form: .number(mean: 0, deviation: 1), marksMissing: false) })
    let bytes = Array((names.joined(separator: ",") + "\n" + names.map { _ in "1" }.joined(separator: ",") + "\n").utf8)
    let encoder = try TableEncoder(encoding, reading: CSVReader(bytes, location: "x", delimiter: .comma))
    expectTrue(encoder.extraNames.isEmpty)
  }
}
