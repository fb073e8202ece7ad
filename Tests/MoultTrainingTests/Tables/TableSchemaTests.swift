import MoultCore
import Testing

import MoultModels
import MoultNN
import MoultTraining
import MoultTestSupport

@Suite struct TableSchemaTests {
  /// 30 rows with one column of each kind.
  static let text: String = {
    var text = "row,size,color,name,same,none,answer,y\n"
    for i in 0..<30 {
      let size = i % 7 == 3 ? "NA" : "\(Double(i * i % 17) / 2)"
      text += "\(i),\(size),\(["red", "green", "blue"][i % 3]),n\(i),1,,\(i % 2 == 0 ? "yes" : "no"),\(i * 3 % 11).5\n"
    }
    return text
  }()

  private func schema(_ text: String = text, _ options: TableOptions = TableOptions(target: "y")) throws -> TableSchema
  {
    try TableSchema(CSVReader(Array(text.utf8), location: "x"), options: options)
  }

  @Test func everyKindOfColumnIsSeen() throws {
    let schema = try schema()
    expectEqual(
      schema.columns.map(\.kind), [.rowNumber, .number, .category, .identifier, .constant, .empty, .category, .target])
    expectTrue(schema.rowCount == 30 && schema.task == .regression && !schema.mayBeClasses)
    let size = schema.columns[1]
    expectTrue(size.missingCount == 4 && size.range == 0...8)
    expectTrue(schema.columns[2].differentCount == 3 && schema.columns[2].examples == ["red", "green", "blue"])
  }

  @Test func whatTheUserSaysCounts() throws {
    var options = TableOptions(target: "y")
    (options.categorical, options.ignored) = (["size"], ["color"])
    let columns = try schema(Self.text, options).columns
    expectTrue(columns[1].kind == .category && columns[2].kind == .ignored)
  }

  @Test(arguments: [
    ("a\nb\na\n", LearningTask?.none, LearningTask.classification), ("0\n1\n0\n", nil, .classification),
    ("1\n2\n1\n", nil, .regression), ("1\n2\n1\n", .classification, .classification),
    ("0\n1\n0\n", .regression, .regression),
    ("1.5\n2\n1\n", nil, .regression),
  ]) func theTargetSaysWhatIsToBeDone(targets: String, asked: LearningTask?, expected: LearningTask) throws {
    var options = TableOptions(target: "y")
    options.task = asked
    let rows = targets.split(separator: "\n").enumerated().map { "\($0.offset * $0.offset),\($0.element)\n" }
    try expectEqual(schema("x,y\n" + rows.joined(), options).task, expected)
  }

  @Test func wholeNumbersMayBeClasses() throws {
    try expectTrue(schema("x,y\n1,3\n5,4\n3,3\n").mayBeClasses)
    try expectTrue(!schema("x,y\n1,3.5\n5,4\n3,3\n").mayBeClasses)
  }

  @Test func textAmongNumbersIsPointedAt() throws {
    let rows = (0..<20).map { "\($0 == 12 ? "oops" : "\($0 % 9)"),\($0).5\n" }
    let column = try schema("x,y\n" + rows.joined()).columns[0]
    expectTrue(column.kind == .category && column.strayText == "'oops' in line 14")
  }

  @Test(arguments: [
    (
      "x,y\n1,2\n3,4\n", TableOptions(target: "yy"),
      "x: expected a column 'yy', got none; near it: y, x; the table has x, y"
    ),
    (
      "x,y\n1,2\n3,2\n", TableOptions(target: "y"),
      "x: y: expected a target with values that differ, got only '2'; choose another, or a fuller table"
    ),
    (
      "x,y\n1,\n3,NA\n", TableOptions(target: "y"),
      "x: y: expected a target with values that differ, got no value; choose another, or a fuller table"
    ),
    (
      "x,y\n1,2\n1,3\n", TableOptions(target: "y"),
      "x: expected a column to learn 'y' from, got x (constant); ignore fewer"
    ),
    (
      "x,y\n1,2\n3,a\n", TableOptions(target: "y", task: .regression),
      "x: line 3: y: expected a number, as a regression needs, got 'a'; take it as classes, or mend the table"
    ),
    (
      "x,y\n1,2\n3,4\n", TableOptions(target: "y", ignored: ["y"]),
      "x: expected a target that is neither ignored nor the split column, got 'y'"
    ),
  ]) func whatCannotBeLearnedIsRefused(text: String, options: TableOptions, message: String) throws {
    try expectEqual(moultError { _ = try schema(text, options) }.description, message)
  }
}

extension TableOptions {
  init(target: String, task: LearningTask? = nil, ignored: [String] = []) {
    self.init(target: target)
    (self.task, self.ignored) = (task, ignored)
  }
}
