/// One column of a table, as its contents say.
public struct TableColumn: Sendable, Equatable {
  /// The use of a column.
  public enum Kind: String, Sendable {
    /// Numbers to learn from.
    case number
    /// Names to learn from.
    case category
    /// The column to predict.
    case target
    /// Names the part of each row: training, validation or test.
    case split
    /// Left out: all texts differ, so that nothing is said about other rows.
    case identifier
    /// Left out: the numbers of the rows, from 0 or 1.
    case rowNumber = "row number"
    /// Left out: one value in all rows.
    case constant
    /// Left out: no value at all.
    case empty
    /// Left out because the user said so.
    case ignored

    /// Whether a network gets to see the column.
    public var isInput: Bool { self == .number || self == .category }
  }

  /// The name in the first line.
  public let name: String
  /// The use of the column.
  public let kind: Kind
  /// How many values differ.
  public let differentCount: Int
  /// Whether there may be more, since counting ended.
  public let isCountCapped: Bool
  /// Rows without a value.
  public let missingCount: Int
  /// The least and the greatest value of a column of numbers.
  public let range: ClosedRange<Double>?
  /// The first values that differ.
  public let examples: [String]
  /// The only texts among numbers make a category of a column: the first of them, with its line.
  public let strayText: String?
  /// Whether its whole numbers begin with zeros, as those of postal codes do.
  public let looksLikeCodes: Bool

  /// Fewer rows say nothing about texts that all differ.
  static let fewestRowsOfIdentifiers = 20

  init(_ summary: ColumnSummary, name: String, options: TableOptions) {
    self.name = name
    kind = Self.kind(of: summary, name: name, options: options)
    (differentCount, isCountCapped) = (summary.differentCount, summary.isCountCapped)
    missingCount = summary.missingCount
    range = summary.isNumeric && summary.presentCount > 0 ? summary.minimum...summary.maximum : nil
    examples = summary.examples
    looksLikeCodes = kind == .number && summary.isWhole && summary.hasLeadingZeros
    strayText = summary.isMostlyNumbers ? summary.firstText.map { "'\($0.text)' in line \($0.line)" } : nil
  }

  private static func kind(of summary: ColumnSummary, name: String, options: TableOptions) -> Kind {
    if name == options.target { return .target }
    if name == options.splitColumn { return .split }
    if options.ignored.contains(name) { return .ignored }
    if summary.presentCount == 0 { return .empty }
    // Where some values are missing, which ones is something to learn from.
    if summary.differentCount == 1, summary.missingCount == 0 { return .constant }
    if options.categorical.contains(name) { return .category }
    let hasManyRows = summary.presentCount >= fewestRowsOfIdentifiers
    if summary.isNumeric {
      return hasManyRows && summary.isWhole && summary.isCounting && !options.numeric.contains(name)
        ? .rowNumber : .number
    }
    return hasManyRows && summary.differentCount == summary.presentCount ? .identifier : .category
  }
}
