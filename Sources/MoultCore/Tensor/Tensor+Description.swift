extension Tensor: CustomStringConvertible {
  /// The elements as text in NumPy's format: nested brackets and at most four decimals. If there are more than 1000
  /// elements, the middle of long axes is left out.
  public var description: String {
    guard count > 0 else { return "Tensor([], shape: \(shape), \(dtype))" }
    let cut = count > Self.longestPrint
    let texts = ElementFormat(self, cut: cut)
    return "Tensor(" + text(axis: 0, offset: 0, indent: 7, cut: cut, format: texts)
      + (dtype == .float32 ? ")" : ", \(dtype))")
  }

  /// The greatest number of elements that are all printed. Beyond it, `edge` positions at each end of an axis are
  /// printed.
  private static let longestPrint = 1000
  private static let edge = 3

  private func shownIndices(_ axis: Int, cut: Bool) -> [Int?] {
    let extent = shape[axis]
    guard cut, extent > 2 * Self.edge else { return Array(0..<extent) }
    return Array(0..<Self.edge) + [nil] + Array(extent - Self.edge..<extent)
  }

  private func text(axis: Int, offset: Int, indent: Int, cut: Bool, format: ElementFormat) -> String {
    if axis == rank { return format.padded(self, offset) }
    let last = axis == rank - 1
    let separator =
      last ? ", " : "," + String(repeating: "\n", count: rank - 1 - axis) + String(repeating: " ", count: indent + 1)
    let parts = shownIndices(axis, cut: cut).map { index in
      index.map {
        text(axis: axis + 1, offset: offset + $0 * values.strides[axis], indent: indent + 1, cut: cut, format: format)
      }
        ?? "..."
    }
    return "[" + parts.joined(separator: separator) + "]"
  }

  fileprivate func visit(axis: Int, offset: Int, cut: Bool, _ body: (Int) -> Void) {
    if axis == rank { return body(offset) }
    for case let index? in shownIndices(axis, cut: cut) {
      visit(axis: axis + 1, offset: offset + index * values.strides[axis], cut: cut, body)
    }
  }

  fileprivate func value(_ at: Int) -> (number: Double, text: String) {
    func read<S: TensorScalar>(_ type: S.Type) -> (Double, String) {
      let value = values.pointer(as: S.self)[at]
      return (value.asDouble, "\(value)")
    }
    return dtype.withScalarType { read($0) }
  }
}

/// The common width and number of decimals of all printed elements.
private struct ElementFormat {
  private var decimals = 0
  private var scientific = false
  private var whole = 0
  private var fraction = 0
  private let floating: Bool

  init(_ tensor: Tensor, cut: Bool) {
    floating = tensor.dtype.isFloatingPoint
    var largest = 0.0, smallest = Double.infinity
    if floating {
      tensor.visit(axis: 0, offset: 0, cut: cut) { at in
        let magnitude = tensor.value(at).number.magnitude
        if magnitude.isFinite && magnitude > 0 {
          largest = max(largest, magnitude)
          smallest = min(smallest, magnitude)
        }
      }
      scientific = largest >= 1e8 || (largest > 0 && smallest < 1e-4 && largest < 1e-2)
      if !scientific {
        tensor.visit(axis: 0, offset: 0, cut: cut) { at in
          let number = tensor.value(at).number
          if number.isFinite { decimals = max(decimals, Decimal.needed(number, atMost: 4)) }
        }
      }
    }
    var widest = (whole: 0, fraction: 0, all: 0)
    tensor.visit(axis: 0, offset: 0, cut: cut) { at in
      let parts = parts(tensor, at), hasPoint = !floating || tensor.value(at).number.isFinite
      widest.whole = max(widest.whole, hasPoint ? parts.whole.count : 0)
      widest.fraction = max(widest.fraction, parts.fraction.count)
      widest.all = max(widest.all, parts.whole.count)
    }
    // "nan" and "inf" have no decimal point to align: they end where the widest number ends.
    (whole, fraction) = (max(widest.whole, widest.all - widest.fraction), widest.fraction)
  }

  /// Returns the text up to and including the decimal point, and the decimals without trailing zeros, to align numbers
  /// as NumPy does.
  private func parts(_ tensor: Tensor, _ at: Int) -> (whole: String, fraction: String) {
    let text = text(tensor, at)
    guard floating, !scientific, let point = text.firstIndex(of: ".") else { return (text, "") }
    let digits = text[text.index(after: point)...]
    let zeros = digits.reversed().prefix { $0 == "0" }.count
    return (String(text[...point]), String(digits.dropLast(zeros)))
  }

  private func text(_ tensor: Tensor, _ at: Int) -> String {
    let (number, text) = tensor.value(at)
    guard floating else { return text }
    guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
    return scientific ? Decimal.scientific(number, decimals: 4) : Decimal.fixed(number, decimals: decimals)
  }

  func padded(_ tensor: Tensor, _ at: Int) -> String {
    let parts = parts(tensor, at), hasPoint = !floating || tensor.value(at).number.isFinite
    let left = whole + (hasPoint ? 0 : fraction)
    return String(repeating: " ", count: max(0, left - parts.whole.count)) + parts.whole + parts.fraction
      + String(repeating: " ", count: hasPoint ? max(0, fraction - parts.fraction.count) : 0)
  }
}

/// Formats numbers as decimal text without Foundation.
package enum Decimal {
  /// Returns the least number of decimals, at most `limit`, that show `value` as precisely as `limit` decimals do.
  static func needed(_ value: Double, atMost limit: Int) -> Int {
    let text = fixed(value, decimals: limit)
    return limit - text.reversed().prefix { $0 == "0" }.count
  }

  /// Returns `value` rounded to `decimals` decimals; with 0 decimals the text ends in a point, as in NumPy: "1.".
  package static func fixed(_ value: Double, decimals: Int) -> String {
    let sign = value.sign == .minus ? "-" : ""
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded(.toNearestOrEven)
    guard let digits = UInt64(exactly: scaled) else { return "\(value)" }
    let whole = digits / UInt64(scale), fraction = String(digits % UInt64(scale))
    guard decimals > 0 else { return "\(sign)\(whole)." }
    return "\(sign)\(whole)." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// Returns `value` in scientific notation, such as `1.2346e-05`.
  static func scientific(_ value: Double, decimals: Int) -> String {
    guard value != 0 else { return fixed(0, decimals: decimals) + "e+00" }
    var exponent = 0, mantissa = value
    while mantissa.magnitude >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa.magnitude < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    var text = fixed(mantissa, decimals: decimals)
    if text.drop(while: { $0 == "-" }).hasPrefix("10.") {
      (text, exponent) = (fixed(mantissa / 10, decimals: decimals), exponent + 1)
    }
    let digits = String(exponent.magnitude)
    return text + (exponent < 0 ? "e-" : "e+") + (digits.count < 2 ? "0" : "") + digits
  }
}
