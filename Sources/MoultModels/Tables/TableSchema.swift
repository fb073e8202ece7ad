import MoultCore
import MoultFormats
import MoultNN

/// The columns of a table, and the values of the target and the split column, which decide the part of each row.
///
/// Made in one pass over the file. It keeps a little for each column, the texts of the target and of the split column,
/// and eight bytes for each different text: never the table.
public struct TableSchema: Sendable {
  /// The options of the user.
  public let options: TableOptions
  /// All columns in the table's order.
  public let columns: [TableColumn]
  /// Rows, those without a target among them.
  public let rowCount: Int
  /// The task of the target: classification or regression.
  public let task: LearningTask
  /// Whether a target of whole numbers was taken as a number though it has few different ones.
  public let mayBeClasses: Bool
  /// The target's text in each row, nil where it is missing.
  let targets: [String?]
  /// The split column's text in each row, with its line.
  let parts: [(text: String, line: Int)]
  let location: String

  /// A target with no more different whole numbers may be a list of classes.
  static let fewClasses = 20

  /// Reads the whole table.
  ///
  /// - Throws: `.usage` for a column that is not there, `.badData` with the line for what is no table.
  public init(path: String, options: TableOptions) throws(MoultError) {
    try self.init(CSVReader(path: path, delimiter: options.delimiter), options: options)
  }

  /// - Parameter limit: the most bytes that the targets of all rows may take, without texts that are long.
  package init(
    _ reader: CSVReader, options: TableOptions, limit: Int = NPY.defaultLimit
  ) throws(MoultError) {
    let names = reader.names
    try options.check(names: names, location: reader.location)
    var summaries = [ColumnSummary](repeating: ColumnSummary(), count: names.count)
    var targets: [String?] = [], parts: [(text: String, line: Int)] = []
    let targetColumn = names.firstIndex(of: options.target) ?? 0
    let splitColumn = options.splitColumn.flatMap(names.firstIndex(of:))
    while try reader.next() {
      guard reader.rowCount <= limit / MemoryLayout<String?>.stride else {
        throw MoultError(
          .badData, "expected at most \(limit / MemoryLayout<String?>.stride) rows, got more; take a part of them",
          location: reader.location)
      }
      for column in names.indices { summaries[column].add(reader, column: column) }
      targets.append(reader.isMissing(at: targetColumn) ? nil : reader.text(at: targetColumn))
      if let splitColumn { parts.append((reader.text(at: splitColumn), reader.line)) }
    }
    self.options = options
    for (summary, name) in zip(summaries, names) {
      try summary.requireReadable(name: name, options: options, location: reader.location)
    }
    columns = zip(summaries, names).map { TableColumn($0, name: $1, options: options) }
    rowCount = reader.rowCount
    let target = summaries[targetColumn]
    task = try Self.task(of: target, options: options, location: reader.location)
    mayBeClasses =
      options.task == nil && task == .regression && target.isWhole && target.differentCount <= Self.fewClasses
    (self.targets, self.parts) = (targets, parts)
    location = reader.location
    guard columns.contains(where: \.kind.isInput) else {
      throw MoultError(
        .badData,
        "expected a column to learn '\(options.target)' from, got \(Self.listed(columns)); "
          + (columns.contains { $0.kind == .rowNumber }
            ? "say --numeric to learn from the row numbers" : "ignore fewer"),
        location: location)
    }
  }

  /// Why none of the columns is learned from, for a message.
  private static func listed(_ columns: [TableColumn]) -> String {
    let others = columns.filter { $0.kind != .target }
    return others.isEmpty ? "none" : TableOptions.listed(others.map { "\($0.name) (\($0.kind.rawValue))" })
  }

  /// Texts are classes, and so are 0 and 1; other numbers are a regression unless the user says otherwise.
  private static func task(
    of target: ColumnSummary, options: TableOptions, location: String
  ) throws(MoultError) -> LearningTask {
    let name = options.target
    guard target.differentCount > 1 else {
      throw MoultError(
        .badData,
        "\(name): expected a target with values that differ, got "
          + (target.examples.first.map { "only '\($0)'" } ?? "no value")
          + "; choose another, or a fuller table", location: location)
    }
    let isBinary = target.isNumeric && target.differentCount == 2 && target.minimum == 0 && target.maximum == 1
    let isNumber = target.isNumeric && !options.categorical.contains(name)
    let task = options.task ?? (isNumber && !isBinary ? .regression : .classification)
    if task == .regression, let text = target.firstText {
      throw MoultError(
        .badData,
        "line \(text.line): \(name): expected a number, as a regression needs, got '\(text.text)'; "
          + "take it as classes, or mend the table", location: location)
    }
    if task == .classification, target.differentCount > TableEncoding.greatestClassCount || target.isCountCapped {
      throw MoultError(
        .badData,
        "\(name): expected at most \(TableEncoding.greatestClassCount) classes, got \(target.differentCount) or more",
        location: location)
    }
    return task
  }
}
