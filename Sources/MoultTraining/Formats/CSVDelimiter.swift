/// What separates the fields of a row.
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

  /// The one that occurs most often in the first line that is not empty, outside quotes; the comma where none does.
  ///
  /// - Returns: nil if `bytes` end before that line does.
  static func detected(in bytes: UnsafeBufferPointer<UInt8>, isWhole: Bool) -> CSVDelimiter? {
    var counts = [Int](repeating: 0, count: allCases.count)
    var isQuoted = false, hasBegun = false, hasEnded = false
    for byte in bytes {
      if byte == CSVScanner.quote { isQuoted.toggle() }
      if !isQuoted, byte == CSVScanner.lineFeed || byte == CSVScanner.carriageReturn {
        if !hasBegun { continue }
        hasEnded = true
        break
      }
      hasBegun = true
      if !isQuoted, let index = allCases.firstIndex(where: { $0.byte == byte }) { counts[index] += 1 }
    }
    guard hasEnded || isWhole else { return nil }
    // The first of equals, in the order of the cases.
    let greatest = counts.max() ?? 0
    return zip(allCases, counts).first { $0.1 == greatest }?.0
  }
}
