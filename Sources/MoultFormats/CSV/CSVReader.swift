import MoultCore

/// Reads a table row by row: the column names in the first line, then rows with as many fields (RFC 4180).
///
///     let reader = try CSVReader(path: "houses.csv")
///     while try reader.next() { print(reader.text(at: 0), reader.number(at: 1) ?? .nan) }
///
/// A field in quotes can hold delimiters, line breaks and doubled quotes. Lines end with LF, CR LF or CR; empty lines
/// are skipped. A gzip file is decompressed while it is read. Spaces and tabs around a name or a field are removed. An
/// empty column name is replaced by `column 3`, for example.
///
/// A delimiter that is not specified is detected: of comma, semicolon, tab and bar, the one that occurs most often in
/// the first line and equally often in the second. Only one row, or 1 MiB, is in memory at a time.
///
/// - Complexity: O(bytes) for reading all rows.
public final class CSVReader {
  private let scanner: CSVScanner
  /// The column names, all distinct.
  public let names: [String]
  /// The number of rows read so far.
  public private(set) var rowCount = 0

  /// The path of the table, or the name of the bytes in error messages.
  public var location: String { scanner.location }
  /// The delimiter between the fields, as specified or detected.
  public var delimiter: CSVDelimiter { scanner.delimiter }
  /// The number of the line in which the current row begins, from 1.
  public var line: Int { scanner.rowLine }

  /// Opens a file, plain or gzip-compressed, and reads the column names.
  ///
  /// - Parameters:
  ///   - path: The path of the table.
  ///   - delimiter: The delimiter; nil to detect it.
  ///   - isReadOnce: Whether `path` may also be a pipe, or `-` for standard input, which can be read only once. Their
  ///     bytes
  ///     are not decompressed.
  /// - Throws: `.noInput` if the file cannot be read, `.badData` with the line if it is not a table.
  public convenience init(
    path: String, delimiter: CSVDelimiter? = nil, isReadOnce: Bool = false
  ) throws(MoultError) {
    if isReadOnce, let stream = ByteSource(stream: path) {
      try self.init(CSVScanner(stream, delimiter: delimiter))
    } else {
      try self.init(CSVScanner(ByteSource(path: path, limit: .max), delimiter: delimiter))
    }
  }

  /// Reads a table in memory. `location` is its name in error messages.
  ///
  /// - Throws: `.badData` with the line if the bytes are not a table.
  public convenience init(
    _ bytes: [UInt8], location: String, delimiter: CSVDelimiter? = nil
  ) throws(MoultError) {
    try self.init(CSVScanner(ByteSource(bytes, location: location), delimiter: delimiter))
  }

  package init(_ scanner: CSVScanner) throws(MoultError) {
    self.scanner = scanner
    guard try scanner.next() else {
      throw MoultError(
        .badData, "expected a table with names in its first line, got an empty file; is it the right one?",
        location: scanner.location)
    }
    var names: [String] = [], places: [String: Int] = [:]
    for index in scanner.fields.indices {
      let text = scanner.withBytes(of: index) { String(decoding: $0.trimmed, as: UTF8.self) }
      let name = text.isEmpty ? "column \(index + 1)" : text
      if let other = places.updateValue(index, forKey: name) {
        throw MoultError(
          .badData,
          "line \(scanner.rowLine): expected a name of its own for each column, got '\(name)' for columns \(other + 1) "
            + "and \(index + 1); rename one",
          location: scanner.location)
      }
      names.append(name)
    }
    self.names = names
  }

  /// Reads rows of a table whose names are known.
  init(rows scanner: CSVScanner, names: [String]) { (self.scanner, self.names) = (scanner, names) }

  /// The place of the current row in the table's bytes.
  var offset: Int { scanner.rowOffset }

  /// Advances to the next row.
  ///
  /// - Returns: Whether there is a next row.
  /// - Throws: `.badData` with the line for an invalid row, or if the table has no rows.
  public func next() throws(MoultError) -> Bool {
    guard try scanner.next() else {
      if rowCount == 0 {
        throw MoultError(
          .badData, "expected rows below the line of names, got none; is the file complete?", location: location)
      }
      return false
    }
    guard scanner.fields.count == names.count else {
      throw MoultError(
        .badData,
        "line \(line): expected \(names.count) field\(names.count == 1 ? "" : "s"), as the first line has names, got "
          + "\(scanner.fields.count); mend the line, or put a field that holds the delimiter in quotes",
        location: location)
    }
    rowCount += 1
    return true
  }

  /// Returns the text of a field of the current row.
  ///
  /// - Precondition: `column` is in `names.indices`, and `next()` has returned true.
  public func text(at column: Int) -> String { withBytes(at: column) { String(decoding: $0, as: UTF8.self) } }

  /// Returns the number in a field of the current row; nil if the text is not a number or not finite.
  ///
  /// Numbers are written like `-12.5`, `+1`, `.5` or `6.02e23`, and rounded to the nearest `Double`.
  public func number(at column: Int) -> Double? { withBytes(at: column, decimalNumber) }

  /// Returns whether a field of the current row is a missing value: empty, or one of ``missingWords``, in any case.
  public func isMissing(at column: Int) -> Bool { withBytes(at: column, isMissingWord) }

  /// The words that stand for a missing value, in upper or lower case. An empty field is a missing value too.
  public static var missingWords: [String] { missingValueWords }

  /// Calls `body` with the bytes of a field of the current row, without spaces around them. The pointer is valid only
  /// during the call.
  package func withBytes<Result>(at column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    require(
      names.indices.contains(column) && rowCount > 0,
      "CSVReader: expected a column in 0..<\(names.count) after next(), got \(column)")
    return scanner.withBytes(of: column) { body($0.trimmed) }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The bytes without spaces and tabs at both ends.
  package var trimmed: UnsafeBufferPointer<UInt8> {
    func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var first = startIndex, last = endIndex
    while first < last, isSpace(self[first]) { first += 1 }
    while first < last, isSpace(self[last - 1]) { last -= 1 }
    return UnsafeBufferPointer(rebasing: self[first..<last])
  }
}
