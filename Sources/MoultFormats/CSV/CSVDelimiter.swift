/// The delimiter between the fields of a row.
public enum CSVDelimiter: String, Sendable, CaseIterable {
  case comma = ","
  case semicolon = ";"
  case tab = "\t"
  case bar = "|"

  /// Its byte.
  var byte: UInt8 {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    case .bar: UInt8(ascii: "|")
    }
  }

  /// The one that parts the first line with something in it, outside quotes: of those that occur as often in the second
  /// one the most frequent, or else the most frequent of the first; the comma where none occurs.
  ///
  /// - Returns: nil if `bytes` end before that can be said.
  static func detected(in bytes: UnsafeBufferPointer<UInt8>, isWhole: Bool) -> CSVDelimiter? {
    var lines: [[Int]] = [[0, 0, 0, 0]]
    var isQuoted = false, hasClosed = false, isAtStart = true, hasBegun = false, hasEnded = false
    for byte in bytes {
      if isQuoted {
        (isQuoted, hasClosed) = (byte != CSVScanner.quote, byte == CSVScanner.quote)
        continue
      }
      if byte == CSVScanner.quote, isAtStart || hasClosed {
        // Only at a field's start does a quote open; right behind another it is one of a doubled pair.
        (isQuoted, hasBegun, isAtStart) = (true, true, false)
        continue
      }
      hasClosed = false
      if byte == CSVScanner.lineFeed || byte == CSVScanner.carriageReturn {
        if !hasBegun { continue }
        // Where one candidate is alone, nothing else can tell more.
        if lines.count == 2 || lines[0].count(where: { $0 > 0 }) <= 1 {
          hasEnded = true
          break
        }
        lines.append([0, 0, 0, 0])
        (hasBegun, isAtStart) = (false, true)
        continue
      }
      hasBegun = true
      if let index = allCases.firstIndex(where: { $0.byte == byte }) {
        lines[lines.count - 1][index] += 1
        isAtStart = true
      } else if byte != UInt8(ascii: " ") {
        isAtStart = false
      }
    }
    guard hasEnded || isWhole else { return nil }
    let first = lines[0], second = lines.last ?? first
    let lasting = allCases.indices.filter { first[$0] > 0 && first[$0] == second[$0] }
    // The first of equals, in the order of the cases.
    let best = (lasting.isEmpty ? Array(allCases.indices) : lasting).max { (first[$0], $1) < (first[$1], $0) }
    return best.map { allCases[$0] }
  }
}
