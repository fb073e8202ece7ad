import MoultFormats

/// A chart of the metric of every repeat: one row per arm of the comparison, a dot per repeat, and a vertical line at
/// the mean.
struct DotChart {
  /// One row: an arm of the comparison.
  struct Row {
    var name: String
    var style: Int
    var dots: [(value: Double, name: String)]
    var mean: Double
  }

  private static let width = PlotFrame.width
  private static let rowHeight = 40.0

  var name: String
  var title: String
  var summary: String
  var xTitle: String
  var unit = ""
  var rows: [Row]

  /// Draws the chart; returns `nil` if no value is finite.
  func chart() -> Chart? {
    let values = rows.flatMap { $0.dots.map(\.value) }
    guard values.contains(where: \.isFinite) else { return nil }
    let names = rows.map { ChartText.fitted($0.name, to: BarChart.nameWidth) }
    let left = (names.map(ChartText.width).max() ?? 0) + 20
    let domain = NiceTicks.widened(NiceTicks.ends(values), most: 6)
    let scale = ChartScale(domain: domain, from: left, to: Self.width - 24, isLogarithmic: false)
    let top = 10.0, bottom = top + Double(rows.count) * Self.rowHeight
    var body: [Markup] = []
    let ticks = NiceTicks.fitting(domain, length: scale.to - left, unit: unit)
    for (value, label) in zip(ticks.values, ticks.labels) {
      guard let x = scale(value) else { continue }
      body.append(.rule(x, top, x, bottom, "gridline"))
      body.append(
        .label(
          label + unit, min(x, Self.width - ChartText.width(label + unit) / 2), bottom + 18, anchor: "middle",
          className: "tick"))
    }
    for (index, row) in rows.enumerated() {
      let y = top + (Double(index) + 0.5) * Self.rowHeight
      body.append(.rule(left, y, scale.to, y, "gridline"))
      body.append(.label(names[index], left - 12, y + 4, anchor: "end", className: "name"))
      if let x = scale(row.mean) { body.append(.rule(x, y - 13, x, y + 13, "base")) }
      for dot in row.dots {
        guard let x = scale(dot.value) else { continue }
        let hover = "\(row.name), \(dot.name): \(NumberFormat.significant(dot.value))\(unit)"
        body.append(Marker.markup(x, y, style: row.style, hover: hover, radius: 4.6))
      }
    }
    body.append(
      .label(
        ChartText.fitted(xTitle, to: Self.width), Self.width / 2, bottom + 38, anchor: "middle", className: "axis"))
    return Chart(name: name, title: title, summary: summary, width: Self.width, height: bottom + 44, body: body)
  }
}
