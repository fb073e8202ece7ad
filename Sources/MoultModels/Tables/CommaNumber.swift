/// Returns whether `bytes` are a number with a decimal comma or with commas as thousands separators: `0,910`, `3,488`,
/// `1,234.5`, `1.234,5`.
func isCommaNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
  let comma = UInt8(ascii: ","), point = UInt8(ascii: ".")
  var rest = bytes[...]
  if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") { rest = rest.dropFirst() }
  guard let last = rest.last, isDigit(last), rest.allSatisfy({ isDigit($0) || $0 == comma || $0 == point }) else {
    return false
  }
  let groups = rest.split(separator: comma, omittingEmptySubsequences: false)
  guard groups.count > 1 else { return false }
  // A single comma can be a decimal comma or a thousands separator; several commas are thousands separators.
  if groups.count == 2 { return !groups[1].contains(point) || groups[1].prefix(4).last == point }
  return groups.dropFirst().allSatisfy { $0.count == 3 || $0.prefix(4).last == point && $0.count > 4 }
    && groups.dropLast().allSatisfy { !$0.contains(point) && !$0.isEmpty }
}
