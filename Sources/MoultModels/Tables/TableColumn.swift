/// A column of a table, with the kind and statistics that were found in its values.
public struct TableColumn: Sendable, Equatable {
  /// The kinds of columns, by their use.
  public enum Kind: String, Sendable {
    /// An input of numbers.
    case number
    /// An input of categories.
    case category
    /// The column to predict.
    case target
    /// The column that assigns each row to training, validation or test.
    case split
    /// Not used: all texts are distinct, so they carry no information about other rows.
    case identifier
    /// Not used: the row numbers, from 0 or 1.
    case rowNumber = "row number"
    /// Not used: all rows have the same value.
    case constant
    /// Not used: all values are missing.
    case empty
    /// Not used: the options exclude it.
    case ignored

    /// Whether the column is an input of the network.
    public var isInput: Bool { self == .number || self == .category }
  }

  /// The name of the column in the table's first line.
  public let name: String
  /// The kind of the column.
  public let kind: Kind
  /// The number of distinct values; a lower bound if ``isCountCapped``.
  public let differentCount: Int
  /// Whether counting of distinct values stopped at the limit of 10,000 for numeric columns.
  public let isCountCapped: Bool
  /// The number of rows with a missing value.
  public let missingCount: Int
  /// The smallest and the largest value of a numeric column; nil for other columns.
  public let range: ClosedRange<Double>?
  /// The first distinct values, at most three.
  public let examples: [String]
  /// The first text, with its line, in a column of which at least 90 % are numbers; nil for other columns. Such texts
  /// are the only reason why the column is categorical.
  public let strayText: String?
  /// Whether the column has integers with leading zeros, as postal codes have.
  public let looksLikeCodes: Bool

  /// The smallest number of rows for which a column of distinct texts is taken as an identifier.
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
    // If some values are missing, which of them are missing is information.
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
