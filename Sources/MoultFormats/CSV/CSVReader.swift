import MoultCore

/// Reads a table row by row: names in the first line, then rows of as many fields (RFC 4180).
///
///     let reader = try CSVReader(path: "houses.csv")
///     while try reader.next() { print(reader.text(at: 0), reader.number(at: 1) ?? .nan) }
///
/// Fields may stand in quotes and then hold delimiters, line breaks and doubled quotes. Lines end with LF, CR LF or CR;
/// lines without any character are passed over. A gzip file is unpacked as it is read. Spaces and tabs around a name
/// or a field do not count. A name that is empty becomes `column 3`.
///
/// The delimiter, when it is not given, is the one of comma, semicolon, tab and bar that occurs most often in the first
/// line, and as often in the second. One row is in memory, or a mebibyte: not the file.
///
/// - Complexity: O(bytes) for all rows.
public final class CSVReader {
  private let scanner: CSVScanner
  /// The names of the columns, all different.
  public let names: [String]
  /// Rows read so far.
  public private(set) var rowCount = 0

  /// The path, or what messages call the bytes.
  public var location: String { scanner.location }
  /// The delimiter between the fields.
  public var delimiter: CSVDelimiter { scanner.delimiter }
  /// The line in which the current row begins, counted from 1.
  public var line: Int { scanner.rowLine }

  /// Opens a file, plain or gzip, and reads the names.
  ///
  /// - Parameter isReadOnce: whether the caller opens the table only once, so that it may be a pipe, or `-` for
  ///   standard input. Bytes that come that way are not unpacked.
  /// - Throws: `.noInput` if it cannot be read, `.badData` with the line if it is no table.
  public convenience init(
    path: String, delimiter: CSVDelimiter? = nil, isReadOnce: Bool = false
  ) throws(MoultError) {
    if isReadOnce, let stream = ByteSource(stream: path) {
      try self.init(CSVScanner(stream, delimiter: delimiter))
    } else {
      try self.init(CSVScanner(ByteSource(path: path, limit: .max), delimiter: delimiter))
    }
  }

  /// Reads a table in memory. `location` is what messages call it.
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

  /// Goes to the next row.
  ///
  /// - Returns: false behind the last row.
  /// - Throws: `.badData` with the line, also for a table without any row.
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

  /// The text of a field of the current row.
  public func text(at column: Int) -> String { withBytes(at: column) { String(decoding: $0, as: UTF8.self) } }

  /// The number in a field of the current row, or nil if it holds none or one that is not finite.
  ///
  /// Written as `-12.5`, `+1`, `.5` or `6.02e23`; the nearest `Double` is taken.
  public func number(at column: Int) -> Double? { withBytes(at: column, decimalNumber) }

  /// Whether a field of the current row stands for a missing value: one of ``missingWords``, in any case.
  public func isMissing(at column: Int) -> Bool { withBytes(at: column, isMissingWord) }

  /// The words for a missing value, in upper or lower case; an empty field is a missing value too.
  public static var missingWords: [String] { missingValueWords }

  /// The bytes of a field of the current row without spaces around them; the pointer ends with `body`.
  package func withBytes<Result>(at column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    require(
      names.indices.contains(column) && rowCount > 0,
      "CSVReader: expected a column in 0..<\(names.count) after next(), got \(column)")
    return scanner.withBytes(of: column) { body($0.trimmed) }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The bytes without spaces and tabs at either end.
  fileprivate var trimmed: UnsafeBufferPointer<UInt8> {
    func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var first = startIndex, last = endIndex
    while first < last, isSpace(self[first]) { first += 1 }
    while first < last, isSpace(self[last - 1]) { last -= 1 }
    return UnsafeBufferPointer(rebasing: self[first..<last])
  }
}
