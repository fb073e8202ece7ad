import MoultCore
import MoultFormats
import MoultNN

extension TrainedModel {
  /// The names of the table columns that the model reads, in the order of training; empty for a model of images or
  /// arrays.
  public var columnNames: [String] { encoding?.columns.map(\.name) ?? [] }

  /// Predicts table rows, each a dictionary from column name to text.
  ///
  /// A row needs an entry for every name in ``columnNames``. An empty text, or one of ``CSVReader/missingWords``, is a
  /// missing value. Other names are ignored, and unknown categories are encoded as in a table file. Rows of
  /// ``TableValue`` are checked more strictly.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - passes: The number of stochastic forward passes; 0 for one pass with dropout off.
  ///   - seed: The seed of the dropout masks.
  /// - Returns: One prediction per row, in the order of the rows.
  /// - Throws: `.badData` with the row, counted from 1, for a missing column or a text that is not a number where one
  ///   is needed; `.usage` for a model of images or arrays.
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

  /// Predicts table rows, each an array with one text for each of ``columnNames``, in their order.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - passes: The number of stochastic forward passes; 0 for one pass with dropout off.
  ///   - seed: The seed of the dropout masks.
  /// - Returns: One prediction per row, in the order of the rows.
  /// - Throws: `.badData` with the row, counted from 1, for a wrong number of texts or a text that is not a number
  ///   where one is needed; `.usage` for a model of images or arrays.
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
    // The rows are written as CSV and read back, so that they are read in exactly the same way as a table file.
    let lines = ([columnNames] + rows).map { fields in
      // An empty line is not a row, so an empty text is written as a pair of quotation marks.
      fields.map { $0.isEmpty ? "\"\"" : $0.quotedForCSV }.joined(separator: ",")
    }
    let reader = try CSVReader(Array(lines.joined(separator: "\n").utf8), location: "rows", delimiter: .comma)
    do throws(MoultError) {
      return try predict(reader, encoding, passes, seed)
    } catch {
      throw withRow(error, of: reader)
    }
  }

  /// Returns the error with the row number in place of the line number, because rows in memory have no lines.
  private func withRow(_ error: MoultError, of reader: CSVReader) -> MoultError {
    guard error.code == .badData, error.message.hasPrefix("line "), let colon = error.message.firstIndex(of: ":")
    else { return error }
    // If the row cannot be parsed, the reader is still at the row before.
    let isCurrent = error.message[..<colon] == "line \(reader.line)"
    return MoultError(
      .badData, "row \(reader.rowCount + (isCurrent ? 0 : 1))\(error.message[colon...])", location: path,
      cause: error.cause)
  }

  /// Predicts all rows of a table file, plain or gzip-compressed.
  ///
  /// Columns are found by their names, in any order; other columns are ignored.
  ///
  /// - Parameters:
  ///   - path: The path of the table.
  ///   - delimiter: The field delimiter; nil to detect it in the first line.
  ///   - passes: The number of stochastic forward passes; 0 for one pass with dropout off.
  ///   - seed: The seed of the dropout masks.
  /// - Throws: `.noInput` if the file cannot be read, `.badData` with the line number for an invalid table, `.usage`
  ///   for a model of images or arrays.
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
    guard let encoding else { throw needsTable }
    return encoding
  }

  /// The error of a model of images or arrays that is given table rows.
  var needsTable: MoultError {
    MoultError(
      .usage,
      "expected a model of a table, got one of images or arrays; use predict(_:) with a tensor, or rows of numbers",
      location: path)
  }
}
