import MoultFormats

/// Builds the attribute `d` of an SVG path, with a precision of 0.01.
package struct PathData {
  private(set) var text = ""

  /// Returns a number in the syntax of SVG, with at most two decimals; 0 for NaN and infinities.
  package static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    var text = NumberFormat.fixed(min(max(value, -1e5), 1e5), 2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// Starts a new line at a point.
  mutating func move(_ x: Double, _ y: Double) { append("M", x, y) }

  /// Adds a straight line to a point.
  mutating func line(_ x: Double, _ y: Double) { append("L", x, y) }

  /// Adds a dot: a line of length 0, which round line caps make visible.
  mutating func dot(_ x: Double, _ y: Double) {
    move(x, y)
    text += "h0"
  }

  /// Closes the line with a straight line to its start.
  mutating func close() { text += "Z" }

  private mutating func append(_ command: String, _ x: Double, _ y: Double) {
    text += command + Self.number(x) + " " + Self.number(y)
  }
}
