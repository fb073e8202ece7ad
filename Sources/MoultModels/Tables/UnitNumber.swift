import MoultFormats

/// Returns whether `bytes` are a number with a currency or percent sign at one end: `$70,300.98`, `-£5`, `8.19 €`,
/// `70.3%`.
func isUnitNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") }
  var rest = bytes[...]
  if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") { rest = rest.dropFirst() }
  for unit in units {
    if rest.starts(with: unit) {
      rest = rest.dropFirst(unit.count)
    } else if rest.count > unit.count, rest.suffix(unit.count).elementsEqual(unit) {
      rest = rest.dropLast(unit.count)
    } else {
      continue
    }
    rest = rest.drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
    let number = UnsafeBufferPointer(rebasing: rest)
    return decimalNumber(number) != nil || isCommaNumber(number)
  }
  return false
}

private let units = ["$", "€", "£", "¥", "%"].map { Array($0.utf8) }
