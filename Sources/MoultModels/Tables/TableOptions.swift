import MoultCore
import MoultFormats
import MoultNN

/// The options for reading a table; everything else is seen from its contents.
public struct TableOptions: Sendable, Equatable {
  /// The column that is to be predicted.
  public var target: String
  /// The task; nil for the one that the values of the target suggest.
  public var task: LearningTask?
  /// Columns whose numbers are names of categories, such as postal codes.
  public var categorical: [String] = []
  /// Columns that are numbers to learn from, though they look like those of the rows.
  public var numeric: [String] = []
  /// Columns that are left out.
  public var ignored: [String] = []
  /// The column that says of each row whether it is for `train`, `validation` or `test`.
  public var splitColumn: String?
  /// The delimiter of the fields; nil for the one that the first line suggests.
  public var delimiter: CSVDelimiter?

  /// Options that say nothing but what to predict.
  public init(target: String) { self.target = target }

  /// Throws unless the table has all columns that are named, and the target is no other of them.
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

  /// Some names for a message.
  static func listed(_ names: [String]) -> String {
    let shown = 12
    let rest = names.count - shown
    return names.prefix(shown).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
