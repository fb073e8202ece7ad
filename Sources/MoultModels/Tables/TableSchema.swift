import MoultCore
import MoultFormats
import MoultNN

/// The columns of a table, and the values of its target and split columns.
///
/// The schema is made in one pass over the file. It keeps statistics of each column, the texts of the target and split
/// columns, and eight bytes for each distinct value, but not the table.
public struct TableSchema: Sendable {
  /// The options for reading the table.
  public let options: TableOptions
  /// All columns, in the order of the table.
  public let columns: [TableColumn]
  /// The number of rows, with those that have no target.
  public let rowCount: Int
  /// The task of the target: classification or regression.
  public let task: LearningTask
  /// Whether the target was taken as a number although it has few distinct values, all integers, and may be a class.
  public let mayBeClasses: Bool
  /// The text of the target in each row; nil where it is missing.
  let targets: [String?]
  /// The text of the split column in each row, with its line; empty without a split column.
  let parts: [(text: String, line: Int)]
  let location: String

  /// An integer target with at most this many distinct values may be a class.
  static let fewClasses = 20

  /// Reads the table at `path` and detects the kinds of its columns.
  ///
  /// - Throws: `.noInput` if the file cannot be read, `.usage` for a column that does not exist, `.badData` with the
  ///   line for an invalid table.
  public init(path: String, options: TableOptions) throws(MoultError) {
    try self.init(CSVReader(path: path, delimiter: options.delimiter), options: options)
  }

  /// Reads all rows of `reader`.
  ///
  /// - Parameters:
  ///   - reader: The reader of the table, before its first row.
  ///   - options: The options for reading the table.
  ///   - limit: The largest size of the array of targets in bytes (without the contents of long texts), which limits
  ///     the
  ///     number of rows.
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

  /// Returns the columns other than the target with their kinds, for a message.
  private static func listed(_ columns: [TableColumn]) -> String {
    let others = columns.filter { $0.kind != .target }
    return others.isEmpty ? "none" : TableOptions.listed(others.map { "\($0.name) (\($0.kind.rawValue))" })
  }

  /// Returns the task of the target: classification for texts and for the numbers 0 and 1, regression for other
  /// numbers, unless the options name the task.
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
