import MoultCore
import MoultFormats

/// Encodes table rows in memory, in the same way as ``TableEncoder`` encodes those of a file.
struct RowEncoder: Sendable {
  let encoding: TableEncoding
  /// The index of each value in the encoding's list, for each column.
  private let values: [ValueNumbers]

  init(_ encoding: TableEncoding) {
    self.encoding = encoding
    values = encoding.columns.map { ValueNumbers($0.categories) }
  }

  /// Returns the values of a row in the order of the columns.
  ///
  /// - Parameters:
  ///   - place: The place of the row for messages, such as `row 3`.
  ///   - location: The path of the model for messages.
  /// - Throws: `.badData` for a missing column, or an unknown one if those are errors; the target is not unknown.
  func ordered(
    _ row: [String: TableValue], _ unknown: UnknownValues, place: String, location: String
  ) throws(MoultError) -> [TableValue] {
    let names = encoding.columns.map(\.name), found = names.compactMap { row[$0] }
    if let name = names.first(where: { row[$0] == nil }) {
      throw MoultError(
        .badData,
        "\(place): expected a value for '\(name)', got none; \(nearHint(name, among: strangers(in: row)))"
          + "give a missing value (null in JSON) if it is not known", location: location)
    }
    if unknown == .error, row.count > found.count, let name = strangers(in: row).first {
      throw MoultError(
        .badData,
        "\(place): expected columns that the model reads, got '\(name)'; \(nearHint(name, among: names))it reads "
          + TableOptions.listed(names), location: location)
    }
    return found
  }

  /// The names of a row that are neither columns of the model nor its target, sorted.
  private func strangers(in row: [String: TableValue]) -> [String] {
    let known = Set(encoding.columns.map(\.name) + [encoding.targetName])
    return row.keys.filter { !known.contains($0) }.sorted()
  }

  /// Returns the encoded inputs of a row: `encoding.inputSize` numbers.
  ///
  /// - Parameter row: A value for each column, in their order.
  /// - Throws: `.badData` with row and column for a wrong number of values, for a value that is not a number where one
  ///   is needed or out of scale, or for an unknown category if those are errors.
  func inputs(
    _ row: [TableValue], _ unknown: UnknownValues, place: String, location: String
  ) throws(MoultError) -> [Float] {
    guard row.count == encoding.columns.count else {
      throw MoultError(
        .badData, "\(place): expected \(encoding.columns.count) values, one for each of columnNames, got \(row.count)",
        location: location)
    }
    var inputs: [Float] = [], indices: [Float] = []
    for (index, column) in encoding.columns.enumerated() {
      let value = row[index]
      func error(_ expected: String) -> MoultError {
        MoultError(.badData, "\(place): \(column.name): \(expected)", location: location)
      }
      try column.appendValue(
        isMissing: value.isMissing, to: &inputs, indices: &indices,
        number: { (mean, deviation) throws(MoultError) in
          guard let number = value.finiteNumber else {
            throw error("expected a finite number, got '\(value.fieldText)'; mend it, or give a missing value")
          }
          return try standardized(
            number, mean: mean, deviation: deviation, column: column.name, row: place, location: location)
        },
        category: { () throws(MoultError) in
          let text = value.fieldText
          if let number = values[index][text] { return number }
          guard unknown == .error, column.listsAllCategories else { return nil }
          throw error(
            "expected a category that training had, got '\(text)'; \(nearHint(text, among: column.categories))"
              + "training had " + TableOptions.listed(column.categories))
        })
    }
    return inputs + indices
  }
}
