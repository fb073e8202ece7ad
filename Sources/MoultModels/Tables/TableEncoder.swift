import MoultCore
import MoultFormats

/// Encodes the rows of a table, and counts values that the encoding does not know.
public final class TableEncoder {
  /// The encoding of the table's columns.
  public let encoding: TableEncoding
  /// The number of unknown values in each column: values that no training row had, or too few.
  public private(set) var unknownCounts: [Int]
  /// The number of missing values in each column that had none in training. They are encoded as the mean, or as
  /// unknown.
  public private(set) var unexpectedMissingCounts: [Int]
  /// The names of the table's columns that are neither inputs nor the target.
  public let extraNames: [String]

  private let reader: CSVReader
  /// The index of each encoded column in the table.
  private let places: [Int]
  private let targetPlace: Int?
  /// The index of each value in the encoding's list, from 0, for each column.
  private let values: [ValueNumbers]
  private let classes: ValueNumbers

  /// Creates an encoder for the table that `reader` reads. Columns are found by their names, in any order.
  ///
  /// - Throws: `.badData` if columns are missing; the message names them and suggests similar names.
  public init(_ encoding: TableEncoding, reading reader: CSVReader) throws(MoultError) {
    self.encoding = encoding
    self.reader = reader
    let placeOfName = Dictionary(uniqueKeysWithValues: zip(reader.names, reader.names.indices))
    let found = encoding.columns.map { placeOfName[$0.name] }
    let missing = zip(encoding.columns, found).compactMap { $1 == nil ? $0.name : nil }
    if let first = missing.first {
      let known = Set(encoding.columns.map(\.name))
      let unused = reader.names.filter { !known.contains($0) }
      throw MoultError(
        .badData,
        "expected the columns that the model was trained on, got none called \(TableOptions.listed(missing)); "
          + nearHint(first, among: unused) + "the table has \(TableOptions.listed(reader.names))",
        location: reader.location)
    }
    places = found.compactMap { $0 }
    targetPlace = placeOfName[encoding.targetName]
    let used = Set(encoding.columns.map(\.name) + [encoding.targetName])
    extraNames = reader.names.filter { !used.contains($0) }
    values = encoding.columns.map { ValueNumbers($0.categories) }
    classes = ValueNumbers(encoding.target.classNames)
    unknownCounts = Array(repeating: 0, count: encoding.columns.count)
    unexpectedMissingCounts = unknownCounts
  }

  /// Appends the encoded inputs of the reader's current row to `inputs`: `encoding.inputSize` numbers.
  ///
  /// - Throws: `.badData` with the line for a text that is not a number where one is needed, or for a number more than
  ///   10^6 standard deviations from the mean.
  public func appendRow(to inputs: inout [Float]) throws(MoultError) {
    var indices: [Float] = []
    for (index, column) in encoding.columns.enumerated() {
      let place = places[index]
      let isMissing = reader.isMissing(at: place)
      if isMissing, !column.marksMissing { unexpectedMissingCounts[index] += 1 }
      try column.appendValue(
        isMissing: isMissing, to: &inputs, indices: &indices,
        number: { (mean, deviation) throws(MoultError) in try scaled(place, mean: mean, deviation: deviation) },
        category: { value(at: place, of: index) })
    }
    inputs += indices
  }

  private func scaled(_ place: Int, mean: Double, deviation: Double) throws(MoultError) -> Float {
    try standardized(
      reader.requiredNumber(at: place), mean: mean, deviation: deviation, column: reader.names[place],
      row: "line \(reader.line)", location: reader.location)
  }

  /// Returns the index of a field's value in the encoding's list. An unknown value gives nil and is counted.
  private func value(at place: Int, of column: Int) -> Int? {
    let number = values[column][reader.text(at: place)]
    if number == nil { unknownCounts[column] += 1 }
    return number
  }

  /// Returns the index of a class, from 0; nil for an unknown class, or if the task is a regression.
  public func classIndex(of text: String) -> Int? { classes[text] }

  /// The text of the current row's target; nil if it is missing, or if the table has no target column.
  public var targetText: String? {
    targetPlace.flatMap { reader.isMissing(at: $0) ? nil : reader.text(at: $0) }
  }

  /// The target of the current row as a number; nil if it is not a number, or if the table has no target column.
  public var targetNumber: Double? { targetPlace.flatMap { reader.number(at: $0) } }
}
