import MoultCore
import MoultFormats
import MoultNN

extension TrainedModel {
  /// The columns of a table that the model reads, in the order of training; empty for a model of images or arrays.
  public var columnNames: [String] { encoding?.columns.map(\.name) ?? [] }

  /// Predicts rows of a table, each a dictionary of texts by column name.
  ///
  /// A row needs a text for every name in ``columnNames``; an empty one, or one of ``CSVReader/missingWords``, is a
  /// missing value. Other names are ignored.
  ///
  /// - Throws: `.badData` with the row and the column that is missing or holds no number; `.usage` for a model of
  ///   images or arrays. Rows are counted from 1.
  public func predict(
    rows: [[String: String]], passes: Int = 100, seed: UInt64 = 0
  ) throws(MoultError) -> [RowPrediction] {
    let names = columnNames
    var lists: [[String]] = []
    for (index, row) in rows.enumerated() {
      if let name = names.first(where: { row[$0] == nil }) {
        throw MoultError(
          .badData,
          "row \(index + 1): expected a text for '\(name)', got none; \(nearHint(name, among: Array(row.keys)))"
            + "write \"\" for a missing value", location: path)
      }
      lists.append(names.map { row[$0] ?? "" })
    }
    return try predict(rows: lists, passes: passes, seed: seed)
  }

  /// Predicts rows of a table, each the texts of ``columnNames`` in their order.
  ///
  /// - Throws: `.badData` with the row for another number of texts, or for a text that is no number where one is
  ///   expected; `.usage` for a model of images or arrays. Rows are counted from 1.
  public func predict(
    rows: [[String]], passes: Int = 100, seed: UInt64 = 0
  ) throws(MoultError) -> [RowPrediction] {
    let encoding = try tableEncoding()
    for (index, row) in rows.enumerated() where row.count != encoding.columns.count {
      throw MoultError(
        .badData,
        "row \(index + 1): expected \(encoding.columns.count) texts, one for each of columnNames, got \(row.count)",
        location: path)
    }
    if rows.isEmpty { return [] }
    // The rows take the way of a table file, so that they mean the same.
    let lines = ([columnNames] + rows).map { fields in
      // A line without any character would be no row.
      fields.map { $0.isEmpty ? "\"\"" : $0.quotedForCSV }.joined(separator: ",")
    }
    let reader = try CSVReader(Array(lines.joined(separator: "\n").utf8), location: "rows", delimiter: .comma)
    do throws(MoultError) {
      return try predict(reader, encoding, passes, seed)
    } catch {
      throw withRow(error, of: reader)
    }
  }

  /// The error with the number of the row in the place of the line, as rows of a program have no lines.
  private func withRow(_ error: MoultError, of reader: CSVReader) -> MoultError {
    guard error.code == .badData, error.message.hasPrefix("line "), let colon = error.message.firstIndex(of: ":")
    else { return error }
    // A row that cannot be read is the one behind the current row.
    let isCurrent = error.message[..<colon] == "line \(reader.line)"
    return MoultError(
      .badData, "row \(reader.rowCount + (isCurrent ? 0 : 1))\(error.message[colon...])", location: path,
      cause: error.cause)
  }

  /// Predicts all rows of a table file, plain or gzip.
  ///
  /// Columns are found by their names, in any order; others are ignored.
  ///
  /// - Parameter delimiter: The delimiter of the fields; nil for the one that the first line suggests.
  /// - Throws: `.noInput` if the file cannot be read, `.badData` with the line for what is no such table, `.usage` for
  ///   a model of images or arrays.
  public func predict(
    table path: String, delimiter: CSVDelimiter? = nil, passes: Int = 100, seed: UInt64 = 0
  ) throws(MoultError) -> [RowPrediction] {
    let encoding = try tableEncoding()
    return try predict(
      CSVReader(path: path, delimiter: delimiter, isReadOnce: true), encoding, passes, seed)
  }

  private func predict(
    _ reader: CSVReader, _ encoding: TableEncoding, _ passes: Int, _ seed: UInt64
  ) throws(MoultError) -> [RowPrediction] {
    let batches = EncodedRows(try TableEncoder(encoding, reading: reader), reader)
    var predictions: [RowPrediction] = []
    while let batch = try batches.next() {
      predictions += try predict(batch.inputs, passes: passes, seed: seed, firstRow: batch.first)
    }
    return predictions
  }

  private func tableEncoding() throws(MoultError) -> TableEncoding {
    guard let encoding else {
      throw MoultError(
        .usage, "expected a model of a table, got one of images or arrays; use predict(_:) with a tensor",
        location: path)
    }
    return encoding
  }
}
