/// The delimiter between the fields of a CSV row.
public enum CSVDelimiter: String, Sendable, CaseIterable {
  case comma = ","
  case semicolon = ";"
  case tab = "\t"
  case bar = "|"

  /// The delimiter as an ASCII byte.
  var byte: UInt8 {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    case .bar: UInt8(ascii: "|")
    }
  }

  /// Detects the delimiter from the first two lines that are not empty, outside quotes. Candidates that occur equally
  /// often in both lines come first; of them the most frequent is taken. If there are none, the most frequent one in
  /// the first line is taken, or the comma if none occurs.
  ///
  /// - Parameters:
  ///   - bytes: The beginning of the table.
  ///   - isWhole: Whether to decide even if `bytes` end too early.
  /// - Returns: The delimiter; nil if more bytes are needed.
  static func detected(in bytes: UnsafeBufferPointer<UInt8>, isWhole: Bool) -> CSVDelimiter? {
    var lines: [[Int]] = [[0, 0, 0, 0]]
    var isQuoted = false, hasClosed = false, isAtStart = true, hasBegun = false, hasEnded = false
    for byte in bytes {
      if isQuoted {
        (isQuoted, hasClosed) = (byte != CSVScanner.quote, byte == CSVScanner.quote)
        continue
      }
      if byte == CSVScanner.quote, isAtStart || hasClosed {
        // A quote opens a quoted field only at the start of the field; directly after a closing quote it is the second
        // of a pair that stands for one quote.
        (isQuoted, hasBegun, isAtStart) = (true, true, false)
        continue
      }
      hasClosed = false
      if byte == CSVScanner.lineFeed || byte == CSVScanner.carriageReturn {
        if !hasBegun { continue }
        // If only one candidate occurs in the first line, the second line is not needed.
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
    // Of equally frequent candidates, the first in the order of the cases.
    let best = (lasting.isEmpty ? Array(allCases.indices) : lasting).max { (first[$0], $1) < (first[$1], $0) }
    return best.map { allCases[$0] }
  }
}
