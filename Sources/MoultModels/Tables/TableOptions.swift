import MoultCore
import MoultFormats
import MoultNN

/// The options for reading a table. Everything else is detected from its contents.
public struct TableOptions: Sendable, Equatable {
  /// The name of the column to predict.
  public var target: String
  /// The task; nil to detect it from the values of the target.
  public var task: LearningTask?
  /// The names of numeric columns that hold categories, such as postal codes.
  public var categorical: [String] = []
  /// The names of columns that are numeric inputs although they look like row numbers.
  public var numeric: [String] = []
  /// The names of the columns that are not used.
  public var ignored: [String] = []
  /// The name of the column that holds `train`, `validation` or `test` for each row; nil for a random split.
  public var splitColumn: String?
  /// The field delimiter; nil to detect it in the first line.
  public var delimiter: CSVDelimiter?

  /// Creates options with defaults for everything except the target.
  public init(target: String) { self.target = target }

  /// Throws `.usage` unless the table has all named columns and no column has two contradictory uses.
  func check(names: [String], location: String) throws(MoultError) {
    let other = ignored + numeric + categorical.filter { $0 != target } + (splitColumn.map { [$0] } ?? [])
    let known = Set(names)
    for name in [target] + other where !known.contains(name) {
      throw MoultError(
        .usage,
        "expected a column '\(name)', got none; \(nearHint(name, among: names))the table has "
          + Self.listed(names), location: location)
    }
    if let name = numeric.first(where: { categorical.contains($0) || ignored.contains($0) || $0 == splitColumn }) {
      throw MoultError(
        .usage, "expected '\(name)' to be numeric or something else, got both; say one of them", location: location)
    }
    if ignored.contains(target) || splitColumn == target {
      throw MoultError(
        .usage, "expected a target that is neither ignored nor the split column, got '\(target)'", location: location)
    }
  }

  /// Returns the first 12 names and the number of the others, for a message.
  static func listed(_ names: [String]) -> String {
    let shown = 12
    let rest = names.count - shown
    return names.prefix(shown).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
