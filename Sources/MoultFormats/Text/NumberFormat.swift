/// Formats numbers for users, without Foundation's formatters, which would triple the start-up time of a command.
package enum NumberFormat {
  /// Returns `value` with `digits` decimals, rounded half away from zero: `fixed(0.12345, 3) == "0.123"`.
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded()
    guard value.isFinite, scaled < 9e15 else { return String(value) }
    let whole = UInt64(scaled)
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard digits > 0 else { return sign + String(whole) }
    let unit = UInt64(scale)
    let fraction = String(whole % unit)
    return sign + String(whole / unit) + "." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// Returns `value` with its sign and `digits` decimals: `signed(0.031, 2) == "+0.03"`.
  package static func signed(_ value: Double, _ digits: Int) -> String {
    let text = fixed(value, digits)
    return text.hasPrefix("-") ? text : "+" + text
  }

  /// Returns a fraction as a percentage: `percent(0.9612) == "96.12 %"`.
  package static func percent(_ share: Double, _ digits: Int = 2) -> String {
    fixed(share * 100, digits) + " %"
  }

  /// Returns a readable unit for a time in seconds (s, ms or µs), and the number of these units in a second.
  package static func unit(of seconds: Double) -> (perSecond: Double, name: String) {
    seconds.magnitude >= 1 ? (1, "s") : seconds.magnitude >= 1e-3 ? (1e3, "ms") : (1e6, "µs")
  }

  /// Returns a time in seconds with a readable unit: `duration(0.00014) == ("140.0", "µs")`.
  package static func duration(_ seconds: Double) -> (value: String, unit: String) {
    let unit = unit(of: seconds)
    return (significant(seconds * unit.perSecond), unit.name)
  }

  /// Returns an integer with digits in groups of three: `grouped(269322) == "269,322"`.
  package static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return value < 0 ? "-" + text : text
  }

  /// Returns a number, rounded to an integer, with digits in groups of three; `-` if it is not finite.
  package static func grouped(_ value: Double) -> String {
    value.isFinite && value.magnitude < 9e15 ? grouped(Int(value.rounded())) : "-"
  }

  /// Returns a time in seconds as hours, minutes and seconds: `0:07`, `12:30`, `1:02:03`.
  package static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 9e15 else { return "-:--" }
    let total = Int(seconds.rounded())
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }

  /// Returns a number with about four significant digits: at most four decimals, and scientific notation below 10^-3
  /// and from 10^5 on.
  package static func significant(_ value: Double) -> String {
    let magnitude = value.magnitude
    if value == 0 { return "0" }
    guard value.isFinite else { return String(value) }
    if magnitude >= 1e-3, magnitude < 1e5 {
      return fixed(value, magnitude >= 1000 ? 0 : magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : magnitude >= 1 ? 3 : 4)
    }
    var exponent = 0
    var mantissa = magnitude
    while mantissa >= 9.9995 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 0.99995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    return (value < 0 ? "-" : "") + fixed(mantissa, 3) + "e\(exponent)"
  }
}

extension String {
  /// Returns the text with spaces before it, so that it has at least `width` characters.
  package func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }

  /// Returns the text with spaces after it, so that it has at least `width` characters.
  package func rightPadded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
