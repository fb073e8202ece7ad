import Moult
import MoultReport

/// Creates parts of the HTML page: SVG drawings and tables as text. Every element is closed, so that XML parsers accept
/// it.
enum Drawing {
  /// Returns a number with at most two decimals.
  static func number(_ value: Double) -> String {
    var text = NumberFormat.fixed(value, 2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// Returns an SVG drawing of `width` by `height` units that scales with the page. `label` is its description for
  /// screen readers.
  static func svg(_ width: Double, _ height: Double, label: String, className: String = "", _ body: String) -> String {
    "<svg viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\" aria-label=\"\(label.escapedAsMarkup(isAttribute: true))\""
      + (className.isEmpty ? "" : " class=\"\(className)\"") + ">\(body)</svg>"
  }

  /// Returns a drawing with a caption above it.
  static func panel(_ caption: String, _ drawing: String, className: String = "panel") -> String {
    "<figure class=\"\(className)\"><figcaption>\(caption.escapedAsMarkup())</figcaption>\(drawing)</figure>"
  }

  /// Returns drawings side by side, or below each other on a narrow screen.
  static func row(_ drawings: [String]) -> String { "<div class=\"row\">\(drawings.joined())</div>" }

  static func text(_ text: String, x: Double, y: Double, anchor: String = "start") -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(text.escapedAsMarkup())</text>"
  }

  static func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ className: String) -> String {
    "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\""
      + " class=\"\(className)\"/>"
  }

  static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ className: String) -> String {
    "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" class=\"\(className)\"/>"
  }

  /// Returns a table. The first row is the header, and the first column names the rows.
  static func table(_ rows: [[String]]) -> String {
    let lines = rows.enumerated().map { index, row in
      let cells = row.enumerated().map { column, cell in
        let tag = index == 0 || column == 0 ? "th" : "td"
        return "<\(tag)>\(cell.escapedAsMarkup())</\(tag)>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    return "<div class=\"wide\"><table>\(lines.joined())</table></div>"
  }

  /// Returns the probabilities of the ten classes as bars.
  static func bars(_ probabilities: [Double], label: String) -> String {
    let body = probabilities.enumerated().map { digit, value in
      let y = Double(digit) * 16
      return text("\(digit)", x: 0, y: y + 12) + box(14, y + 2, 140, 12, "track")
        + box(14, y + 2, 140 * value, 12, "bar")
        + text(NumberFormat.percent(value, 0), x: 200, y: y + 12, anchor: "end")
    }
    return svg(200, 162, label: label, body.joined())
  }

  /// Returns units as squares, `columns` per row: dropped units are empty with a dot, others are filled according to
  /// their value.
  static func units(_ values: [Float], dropped: [Bool], greatest: Float, columns: Int, label: String) -> String {
    let cell = 10.0
    let body = zip(values, dropped).enumerated().map { index, unit in
      let (x, y) = (Double(index % columns) * cell, Double(index / columns) * cell)
      if unit.1 {
        return box(x + 0.5, y + 0.5, 9, 9, "dropped") + box(x + 4, y + 4, 2, 2, "dot")
      }
      let share = greatest > 0 ? Double(unit.0 / greatest) : 0
      let filled = "<rect x=\"\(number(x + 0.5))\" y=\"\(number(y + 0.5))\" width=\"9\" height=\"9\" class=\"unit\""
      return share > 0
        ? filled + " fill-opacity=\"\(number(0.15 + 0.85 * share))\"/>" : box(x + 0.5, y + 0.5, 9, 9, "silent")
    }
    let lines = (values.count + columns - 1) / columns
    return svg(Double(columns) * cell, Double(lines) * cell, label: label, body.joined())
  }
}
