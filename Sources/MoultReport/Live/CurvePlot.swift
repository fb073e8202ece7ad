import MoultFormats

/// A plot of curves with axes, drawn with the characters of a terminal.
package struct CurvePlot {
  /// A curve: points from left to right, and the style that selects its color.
  package struct Curve: Equatable {
    package struct Point: Equatable {
      let x, y: Double

      package init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
    }

    let style: StyledLine.Style
    let points: [Point]

    package init(style: StyledLine.Style, points: [Point]) { (self.style, self.points) = (style, points) }
  }

  /// The smallest size of a plot in columns and rows.
  package static let leastWidth = 16, leastHeight = 4

  let curves: [Curve]
  let isLogarithmic: Bool
  /// The name of the horizontal axis.
  let xName: String

  package init(curves: [Curve], isLogarithmic: Bool, xName: String) {
    (self.curves, self.isLogarithmic, self.xName) = (curves, isLogarithmic, xName)
  }

  /// Whether the values fit on a logarithmic axis: all are positive.
  package var canBeLogarithmic: Bool { PlotAxis.canBeLogarithmic(curves.lazy.flatMap(\.points).map(\.y)) }

  /// Returns the plot in exactly `height` lines of at most `width` columns; empty if it is too small for a plot.
  package func lines(width: Int, height: Int, unicode: Bool) -> [StyledLine] {
    let points = curves.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    guard width >= Self.leastWidth, height >= Self.leastHeight else { return [] }
    let rows = height - 2
    let vertical = PlotAxis.holding(points.map(\.y), ticks: max(2, rows / 3), logarithmic: isLogarithmic)
    let labelWidth = min(vertical.ticks.labels.map(\.count).max() ?? 0, width / 2)
    let columns = width - labelWidth - 2
    let end = max(1, (points.map(\.x).max() ?? 1).rounded(.up))

    var canvas = BrailleCanvas(width: columns, height: rows)
    for (layer, curve) in curves.enumerated() {
      draw(curve, layer: layer, on: &canvas, vertical: vertical, end: end)
    }
    let labels = Dictionary(
      zip(vertical.ticks.values, vertical.ticks.labels).map { (Self.row(of: vertical.share(of: $0), among: rows), $1) },
      uniquingKeysWith: { $1 })
    var lines = (0..<rows).map { row in
      var line = StyledLine((labels[row] ?? "").leftPadded(to: labelWidth) + " ", .faint)
      line.append(labels[row] == nil ? (unicode ? "│" : "|") : (unicode ? "┤" : "+"), .faint)
      for column in 0..<columns {
        let style = canvas.layer(column: column, row: row).map { curves[$0].style } ?? .plain
        line.append(String(canvas.character(column: column, row: row, unicode: unicode)), style)
      }
      return line
    }
    lines += horizontalAxis(indent: labelWidth + 1, columns: columns, end: end, unicode: unicode)
    return lines.map { $0.truncated(to: width) }
  }

  /// Returns the row of text, from the top, of a fraction of the vertical axis.
  private static func row(of share: Double, among rows: Int) -> Int {
    min(max(Int(((1 - share) * Double(rows)).rounded(.down)), 0), rows - 1)
  }

  private func draw(_ curve: Curve, layer: Int, on canvas: inout BrailleCanvas, vertical: PlotAxis, end: Double) {
    let (right, bottom) = (canvas.width * BrailleCanvas.cellWidth - 1, canvas.height * BrailleCanvas.cellHeight - 1)
    func dot(_ share: Double, _ last: Int) -> Int { Int((min(max(share, 0), 1) * Double(last)).rounded()) }
    let finite = curve.points.filter { $0.x.isFinite && $0.y.isFinite }
    let dots = Self.averaged(finite, parts: canvas.width, end: end).map {
      (x: dot($0.x / end, right), y: bottom - dot(vertical.share(of: $0.y), bottom))
    }
    for (start, end) in zip(dots, dots.dropFirst()) { canvas.line(from: start, to: end, layer: layer) }
    // A few points get markers, so that a single one is visible and epochs can be distinguished.
    guard finite.count * 3 <= canvas.width else { return }
    for point in dots {
      for (x, y) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        canvas.set(x: min(point.x, right - 1) + x, y: min(point.y, bottom - 1) + y, layer: layer)
      }
    }
  }

  /// Averages the points in each cell if there are more points than cells; otherwise noise would fill the columns.
  private static func averaged(_ points: [Curve.Point], parts: Int, end: Double) -> [Curve.Point] {
    guard points.count > parts else { return points }
    var sums: [(part: Int, x: Double, y: Double, count: Double)] = []
    for point in points {
      let part = min(Int(point.x / end * Double(parts)), parts - 1)  // the last point is at the end of the axis
      if let last = sums.indices.last, sums[last].part == part {
        sums[last] = (part, sums[last].x + point.x, sums[last].y + point.y, sums[last].count + 1)
      } else {
        sums.append((part, point.x, point.y, 1))
      }
    }
    return sums.map { Curve.Point(x: $0.x / $0.count, y: $0.y / $0.count) }
  }

  private func horizontalAxis(indent: Int, columns: Int, end: Double, unicode: Bool) -> [StyledLine] {
    let ticks = PlotAxis.holding([0, end], ticks: max(1, columns / 10)).ticks.values.filter {
      $0 <= end && $0 == $0.rounded()
    }
    var axis = Array(repeating: Character(unicode ? "─" : "-"), count: columns)
    var labels = Array(repeating: Character(" "), count: columns)
    var free = 0
    for tick in ticks {
      let column = Int((tick / end * Double(columns - 1)).rounded())
      let label = NumberFormat.fixed(tick, 0)
      let start = min(max(column - label.count / 2, 0), columns - label.count)
      guard start >= free else { continue }
      axis[column] = unicode ? "┬" : "+"
      labels.replaceSubrange(start..<start + label.count, with: label)
      free = start + label.count + 1
    }
    let space = String(repeating: " ", count: indent)
    let name = " " + xName
    if let gap = Self.gap(in: labels, for: name.count + 1) {
      labels.replaceSubrange(gap..<gap + name.count, with: name)
    }
    return [
      StyledLine(space + (unicode ? "└" : "+") + String(axis), .faint),
      StyledLine(space + " " + String(labels), .faint),
    ]
  }

  /// Returns the rightmost position with room for `count` characters; `nil` if there is none.
  private static func gap(in labels: [Character], for count: Int) -> Int? {
    stride(from: labels.count - count, through: 0, by: -1).first { start in
      labels[start..<start + count].allSatisfy { $0 == " " }
    }
  }
}
