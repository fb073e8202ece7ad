import MoultCore
import MoultFormats
import MoultNN

extension TableEncoding {
  /// Fits the encoding to the training rows of a table, in one pass over the table.
  ///
  /// - Parameters:
  ///   - reader: The reader of the table that `schema` describes, before its first row.
  ///   - schema: The columns and targets of the table.
  ///   - split: The part of each row; only training rows are used.
  init(_ reader: CSVReader, schema: TableSchema, split: TableSplit) throws(MoultError) {
    try schema.requireSameNames(reader)
    let inputs = schema.columns.indices.filter { schema.columns[$0].kind.isInput }
    var collectors = inputs.map { ColumnCollector(isNumber: schema.columns[$0].kind == .number) }
    while try reader.next() {
      try schema.requireRow(reader)
      guard split.parts[reader.rowCount - 1] == .train else { continue }
      for (index, column) in inputs.enumerated() { try collectors[index].add(reader, column: column) }
    }
    try schema.requireAllRows(reader)
    var columns: [ColumnEncoding] = []
    for (collector, column) in zip(collectors, inputs) {
      // A column that is constant in the training rows is of no use.
      if let encoding = try collector.encoding(name: schema.columns[column].name, location: schema.location) {
        columns.append(encoding)
      }
    }
    guard !columns.isEmpty else {
      throw MoultError(
        .badData, "expected a column with values that differ among the training rows, got none",
        location: schema.location)
    }
    self.init(target: try Self.target(schema, split: split), columns: columns)
  }

  private static func target(_ schema: TableSchema, split: TableSplit) throws(MoultError) -> PredictionTarget {
    let name = schema.options.target
    guard schema.task == .regression else { return PredictionTarget(classes: schema.classNames, name: name) }
    var moments = RunningMoments()
    for (number, part) in zip(schema.targetNumbers, split.parts) where part == .train { moments.add(number ?? 0) }
    let deviation = try usableDeviation(moments, name: name, location: schema.location)
    return PredictionTarget(number: name, mean: moments.mean, deviation: deviation)
  }
}

/// Returns the standard deviation by which a column is divided; 1 if all its numbers are equal.
///
/// - Throws: `.badData` if it is outside 1e-100...1e100, or if the mean is not finite.
private func usableDeviation(
  _ moments: RunningMoments, name: String, location: String
) throws(MoultError) -> Double {
  let deviation = moments.deviation
  if deviation == 0 { return 1 }
  guard (1e-100...1e100).contains(deviation), moments.mean.isFinite else {
    throw MoultError(
      .badData,
      "\(name): expected a standard deviation of 0 or from 1e-100 to 1e100, got \(deviation); scale the column",
      location: location)
  }
  return deviation
}

/// Collects the statistics of one column over the training rows.
private struct ColumnCollector {
  let isNumber: Bool
  private var moments = RunningMoments()
  private var counts: [String: Int] = [:]
  private var hasMissing = false

  init(isNumber: Bool) { self.isNumber = isNumber }

  mutating func add(_ reader: CSVReader, column: Int) throws(MoultError) {
    if reader.isMissing(at: column) {
      hasMissing = true
    } else if isNumber {
      moments.add(try reader.requiredNumber(at: column))
    } else {
      counts[reader.text(at: column), default: 0] += 1
    }
  }

  /// Returns the encoding of the column; nil if all training rows have the same value, or if all values are missing.
  func encoding(name: String, location: String) throws(MoultError) -> ColumnEncoding? {
    if isNumber {
      let deviation = try usableDeviation(moments, name: name, location: location)
      if moments.count == 0 || moments.deviation == 0 && !hasMissing { return nil }
      return ColumnEncoding(
        name: name, form: .number(mean: moments.mean, deviation: deviation), marksMissing: hasMissing)
    }
    if counts.isEmpty || counts.count == 1 && !hasMissing { return nil }
    if counts.count <= TableEncoding.oneHotLimit {
      return ColumnEncoding(name: name, form: .oneHot(counts.keys.sorted(by: isBefore)), marksMissing: hasMissing)
    }
    let frequent = counts.filter { $0.value > 1 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let kept = frequent.prefix(TableEncoding.vocabularyLimit).map(\.key).sorted(by: isBefore)
    return ColumnEncoding(
      name: name, form: .embedded(kept, sharesRare: kept.count < counts.count), marksMissing: hasMissing)
  }
}

/// Returns whether `a` comes before `b` in the order of values: numbers by size, then texts by Unicode code points. The
/// order is the same on every machine.
func isBefore(_ a: String, _ b: String) -> Bool {
  let (first, second) = (number(a), number(b))
  if let first, let second, first != second { return first < second }
  if (first == nil) != (second == nil) { return first != nil }
  return a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars)
}

private func number(_ text: String) -> Double? { Array(text.utf8).withUnsafeBufferPointer(decimalNumber) }

extension TableSchema {
  /// The sorted classes of all rows, also of validation and test rows: each needs an output of the network.
  var classNames: [String] { Set(targets.compactMap { $0 }).sorted(by: isBefore) }

  /// The target of each row as a number; nil where it is missing.
  var targetNumbers: [Double?] { targets.map { $0.flatMap(number) } }

  /// Throws unless the table still has the same column names.
  func requireSameNames(_ reader: CSVReader) throws(MoultError) {
    if reader.names != columns.map(\.name) { throw hasChanged }
  }

  /// Throws if the table has more rows than before.
  func requireRow(_ reader: CSVReader) throws(MoultError) { if reader.rowCount > rowCount { throw hasChanged } }

  /// Throws unless the table still has the same number of rows.
  func requireAllRows(_ reader: CSVReader) throws(MoultError) { if reader.rowCount != rowCount { throw hasChanged } }

  private var hasChanged: MoultError {
    MoultError(.badData, "expected the table as it was a moment ago; it changed while it was read", location: location)
  }
}

extension CSVReader {
  /// Returns the number in a field of the current row.
  ///
  /// - Throws: `.badData` with the line if the field does not hold a finite number.
  func requiredNumber(at column: Int) throws(MoultError) -> Double {
    guard let number = number(at: column) else {
      throw MoultError(
        .badData,
        "line \(line): \(names[column]): expected a finite number, got '\(text(at: column))'; mend it, or leave it "
          + "empty", location: location)
    }
    return number
  }
}
