/// Parses `bytes` as a decimal number and rounds it to the nearest `Double`; nil unless all bytes form one finite
/// number.
///
///     [+-] digits [. digits] [e [+-] digits]      with a digit before the point or behind it
package func decimalNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
  var i = 0
  let count = bytes.count
  func isDigit(_ i: Int) -> Bool { i < count && bytes[i] &- UInt8(ascii: "0") < 10 }
  func isSign(_ i: Int) -> Bool { i < count && (bytes[i] == UInt8(ascii: "-") || bytes[i] == UInt8(ascii: "+")) }

  let isNegative = count > 0 && bytes[0] == UInt8(ascii: "-")
  if isSign(0) { i = 1 }
  var mantissa: UInt64 = 0, exponent = 0, digitCount = 0, significantCount = 0
  var isBehindPoint = false
  while true {
    if isDigit(i) {
      digitCount += 1
      if significantCount > 0 || bytes[i] != UInt8(ascii: "0") { significantCount += 1 }
      if significantCount <= 19 { mantissa = mantissa &* 10 &+ UInt64(bytes[i] &- UInt8(ascii: "0")) }
      if isBehindPoint { exponent -= 1 }
    } else if i < count, bytes[i] == UInt8(ascii: "."), !isBehindPoint {
      isBehindPoint = true
    } else {
      break
    }
    i += 1
  }
  guard digitCount > 0 else { return nil }
  if i < count, bytes[i] | 0x20 == UInt8(ascii: "e") {
    i += 1
    let isDown = i < count && bytes[i] == UInt8(ascii: "-")
    if isSign(i) { i += 1 }
    guard isDigit(i) else { return nil }
    var power = 0
    while isDigit(i) {
      // The exponent is beyond any Double; `Double(String)` below decides between 0 and overflow.
      power = min(power * 10 + Int(bytes[i] &- UInt8(ascii: "0")), 1_000_000)
      i += 1
    }
    exponent += isDown ? -power : power
  }
  guard i == count else { return nil }
  // The mantissa and the power of ten are exact, so the result is rounded only once (Clinger 1990).
  if mantissa < 1 << 53, significantCount <= 19, exponent.magnitude < exactPowersOfTen.count {
    let power = exactPowersOfTen[Int(exponent.magnitude)]
    let value = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
    return isNegative ? -value : value
  }
  let value = Double(String(decoding: bytes, as: UTF8.self))
  return value.flatMap { $0.isFinite ? $0 : nil }
}

/// The powers of ten that `Double` represents exactly.
private let exactPowersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]
