import MoultFormats

/// The `d` of an SVG path, in hundredths of a unit.
package struct PathData {
  private(set) var text = ""

  /// A number as SVG reads it: at most two decimals and never "nan".
  package static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    var text = NumberFormat.fixed(min(max(value, -1e5), 1e5), 2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// Begins a new line.
  mutating func move(_ x: Double, _ y: Double) { append("M", x, y) }

  /// Goes on straight.
  mutating func line(_ x: Double, _ y: Double) { append("L", x, y) }

  /// A dot: nothing long, which round ends make visible.
  mutating func dot(_ x: Double, _ y: Double) {
    move(x, y)
    text += "h0"
  }

  /// Goes back to where the line began.
  mutating func close() { text += "Z" }

  private mutating func append(_ command: String, _ x: Double, _ y: Double) {
    text += command + Self.number(x) + " " + Self.number(y)
  }
}
