import MoultCore

/// Splits bytes into rows of fields (RFC 4180), with one row in memory at a time.
///
/// A field that begins with a quote (after optional blanks) ends at the next single quote; a pair of quotes in it
/// stands for one quote. Blanks may follow the closing quote. A quote elsewhere is an ordinary character. Rows end with
/// LF, CR LF or CR; the last row may end with the file.
package final class CSVScanner {
  static let quote = UInt8(ascii: "\""), lineFeed = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")

  /// The position of a field's bytes in the buffer, without enclosing quotes.
  struct Field {
    let start: Int
    var end: Int
    var hasDoubledQuotes = false
  }

  /// The result of scanning the bytes in memory for a row.
  private enum Outcome {
    case row, emptyLine, end, needsMore
  }

  let location: String
  let delimiter: CSVDelimiter
  /// The fields of the row that `next` found.
  private(set) var fields: ContiguousArray<Field> = []
  /// The number of the line in which that row begins, from 1.
  private(set) var rowLine: Int
  /// The place of the first byte of that row in the source.
  private(set) var rowOffset = 0

  private let buffer: CSVBuffer
  private var line: Int
  /// Whether the last row ended with CR. An LF directly after it belongs to the same line break.
  private var hasEndedWithReturn = false
  /// The bytes that end a run of ordinary bytes in a field without quotes, as a table with 256 entries.
  private var isSpecial = [Bool](repeating: false, count: 256)

  package init(
    _ source: ByteSource, delimiter chosen: CSVDelimiter?, line: Int = 1, chunkSize: Int = CSVBuffer.usualChunkSize,
    rowLimit: Int = CSVBuffer.usualRowLimit
  ) throws(MoultError) {
    (self.line, rowLine) = (line, line)
    location = source.location
    buffer = CSVBuffer(source, chunkSize: chunkSize, rowLimit: rowLimit)
    while buffer.count < 3, !buffer.isComplete { try buffer.fill(line: 1) }
    buffer.position = try Self.byteOrderMarkCount(buffer.rest, location: location)
    var found = chosen
    while found == nil {
      let isWhole = buffer.isComplete || buffer.rest.count >= CSVBuffer.usualChunkSize
      found = CSVDelimiter.detected(in: buffer.rest, isWhole: isWhole)
      if found == nil { try buffer.fill(line: 1) }
    }
    delimiter = found ?? .comma
    for byte in [delimiter.byte, Self.lineFeed, Self.carriageReturn, 0] { isSpecial[Int(byte)] = true }
  }

  /// Returns the size of the UTF-8 byte order mark at the beginning, 0 or 3. Throws for UTF-16.
  private static func byteOrderMarkCount(
    _ bytes: UnsafeBufferPointer<UInt8>, location: String
  ) throws(MoultError) -> Int {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw MoultError(
        .badData, "expected text in UTF-8, got the byte order mark of UTF-16; save it as UTF-8", location: location)
    }
    return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// Advances to the next row; empty lines are skipped.
  ///
  /// - Returns: Whether there is a next row.
  func next() throws(MoultError) -> Bool {
    while true {
      switch try scan() {
      case .row: return true
      case .emptyLine: continue
      case .end: return false
      case .needsMore: try buffer.fill(line: line)
      }
    }
  }

  /// Calls `body` with the bytes of a field of the current row, with enclosing quotes removed and doubled quotes
  /// replaced.
  func withBytes<Result>(of index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let field = fields[index]
    return body(UnsafeBufferPointer(start: buffer.bytes + field.start, count: field.end - field.start))
  }

  /// Scans the bytes in memory for one row. If the row is incomplete, only `fields` changes.
  private func scan() throws(MoultError) -> Outcome {
    let bytes = buffer.bytes, count = buffer.count, isComplete = buffer.isComplete
    let delimiter = delimiter.byte
    // A local array is faster, because every access to the property would be checked for exclusivity.
    var fields: ContiguousArray<Field> = []
    swap(&fields, &self.fields)
    defer { swap(&fields, &self.fields) }
    fields.removeAll(keepingCapacity: true)
    var i = buffer.position
    if i == count { return isComplete ? .end : .needsMore }
    if hasEndedWithReturn {
      hasEndedWithReturn = false
      if bytes[i] == Self.lineFeed {
        buffer.position += 1
        return .emptyLine
      }
    }
    let rowStart = i
    var rowEndLine = line
    var allBits: UInt8 = 0
    while true {
      let fieldStart = i
      while i < count, isBlank(bytes[i]) { i += 1 }
      if i == count, !isComplete { return .needsMore }
      if i < count, bytes[i] == Self.quote {
        guard
          let field = try scanQuoted(
            from: i, number: fields.count + 1, line: &rowEndLine, allBits: &allBits)
        else { return .needsMore }
        fields.append(field)
        i = field.end + 1
        while i < count, isBlank(bytes[i]) { i += 1 }
      } else {
        isSpecial.withUnsafeBufferPointer { isSpecial in
          while i < count, !isSpecial[Int(bytes[i])] {
            allBits |= bytes[i]
            i += 1
          }
        }
        fields.append(Field(start: fieldStart, end: i))
      }
      guard i < count else {
        if !isComplete { return .needsMore }
        break
      }
      if bytes[i] != delimiter { break }
      i += 1
    }
    if i < count {
      switch bytes[i] {
      case Self.lineFeed: break
      case Self.carriageReturn: hasEndedWithReturn = true
      case 0: throw Self.nulByte(line: rowEndLine, location: location)
      default:
        throw problem(
          rowEndLine,
          "expected a delimiter or the end of the line behind the closing quote of field \(fields.count), got "
            + "'\(Character(Unicode.Scalar(bytes[i])))'; a quote within quotes is written twice")
      }
    }
    buffer.position = min(i + 1, count)
    rowLine = line
    rowOffset = buffer.discardedCount + rowStart
    line = rowEndLine + 1
    if i == rowStart { return .emptyLine }
    if allBits >= 0x80 { try requireUTF8(fields) }
    for index in fields.indices where fields[index].hasDoubledQuotes { undoubleQuotes(in: &fields[index]) }
    return .row
  }

  /// Returns whether `byte` is a space, or a tab that is not the delimiter.
  private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") && delimiter != .tab
  }

  /// Returns the field whose opening quote is at `start`; nil if its end is not in memory yet.
  ///
  /// - Parameter number: The number of the field in the row, from 1, for messages.
  private func scanQuoted(
    from start: Int, number: Int, line: inout Int, allBits: inout UInt8
  ) throws(MoultError) -> Field? {
    let bytes = buffer.bytes, count = buffer.count
    let openingLine = line
    var i = start + 1
    var hasDoubledQuotes = false
    while i < count {
      let byte = bytes[i]
      if byte == Self.quote {
        guard i + 1 < count else {
          if !buffer.isComplete { return nil }
          break
        }
        if bytes[i + 1] != Self.quote { break }
        hasDoubledQuotes = true
        i += 1
      } else if byte == Self.carriageReturn || byte == Self.lineFeed && bytes[i - 1] != Self.carriageReturn {
        line += 1
      } else if byte == 0 {
        throw Self.nulByte(line: line, location: location)
      }
      allBits |= byte
      i += 1
    }
    if i == count {
      guard buffer.isComplete else { return nil }
      throw problem(
        openingLine,
        "expected a closing quote for the one that opens field \(number), got the end of the file; close it, or leave it out"
      )
    }
    return Field(start: start + 1, end: i, hasDoubledQuotes: hasDoubledQuotes)
  }

  /// Replaces each pair of quotes in a field by one quote, in place.
  private func undoubleQuotes(in field: inout Field) {
    let bytes = buffer.bytes
    var source = field.start, target = source
    while source < field.end {
      bytes[target] = bytes[source]
      source += bytes[source] == Self.quote ? 2 : 1
      target += 1
    }
    field.end = target
  }

  private func requireUTF8(_ fields: ContiguousArray<Field>) throws(MoultError) {
    for (index, field) in fields.enumerated() {
      let bytes = UnsafeBufferPointer(start: buffer.bytes + field.start, count: field.end - field.start)
      if String(validating: bytes, as: UTF8.self) != nil { continue }
      throw problem(
        rowLine, "expected text in UTF-8, got other bytes in field \(index + 1); save the table as UTF-8")
    }
  }

  private static func nulByte(line: Int, location: String) -> MoultError {
    MoultError(
      .badData, "line \(line): expected text, got a NUL byte; the file is damaged, or not UTF-8", location: location)
  }

  private func problem(_ line: Int, _ message: String) -> MoultError {
    MoultError(.badData, "line \(line): " + message, location: location)
  }
}
