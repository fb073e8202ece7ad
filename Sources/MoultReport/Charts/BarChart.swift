import MoultFormats

/// A horizontal bar chart: one row per item, each with a bar, marks and a text. It is horizontal to leave room for
/// names.
struct BarChart {
  /// One row of the chart.
  struct Row {
    var name: String
    /// The value at the end of the bar, which begins at the left end of the axis; `nil` for no bar.
    var bar: Double?
    /// The two values between which a thin line is drawn; `nil` for none.
    var span: ClosedRange<Double>?
    /// The marks, each with the number of its series and a name.
    var marks: [(value: Double, style: Int, name: String)] = []
    /// The text at the right end of the row.
    var text = ""
  }

  private static let width = PlotFrame.width
  private static let rowHeight = 26.0
  /// The largest width of the names, also in ``DotChart``.
  static let nameWidth = 150.0

  var name: String
  var title: String
  var summary: String
  var xTitle: String
  var unit = ""
  /// The range of the axis; `nil` for 0 to the largest value.
  var domain: ClosedRange<Double>?
  var legend: [(style: Int, name: String)] = []
  var rows: [Row]
  /// The value at which a vertical line is drawn, and its name; `nil` for none.
  var limit: (value: Double, name: String)?

  /// Draws the chart; returns `nil` without rows.
  func chart() -> Chart? {
    guard !rows.isEmpty else { return nil }
    let names = rows.map { ChartText.fitted($0.name, to: Self.nameWidth) }
    let left = min(Self.nameWidth, names.map(ChartText.width).max() ?? 0) + 12
    let texts = rows.map { ChartText.fitted($0.text, to: 110) }
    let right = Self.width - max(12, (texts.map(ChartText.width).max() ?? 0) + 10)
    let head = legend.isEmpty && limit == nil ? 8.0 : 34.0
    let bottom = head + Double(rows.count) * Self.rowHeight
    let ends = range
    let scale = ChartScale(domain: ends, from: left, to: right, isLogarithmic: false)
    var body = legendMarkup
    let ticks = NiceTicks.fitting(ends, length: right - left, unit: unit)
    for (value, label) in zip(ticks.values, ticks.labels) {
      guard let x = scale(value) else { continue }
      body.append(.rule(x, head, x, bottom, "gridline"))
      let half = ChartText.width(label + unit) / 2
      body.append(
        .label(
          label + unit, min(x, Self.width - half), bottom + 18, anchor: "middle", className: "tick"))
    }
    for (index, row) in rows.enumerated() {
      body += drawn(row, at: head + (Double(index) + 0.5) * Self.rowHeight, scale)
      let y = head + (Double(index) + 0.5) * Self.rowHeight + 4
      body.append(.label(names[index], left - 10, y, anchor: "end", className: "name"))
      if !row.text.isEmpty {
        body.append(.label(texts[index], Self.width - 2, y, anchor: "end", className: "value"))
      }
    }
    body.append(.rule(left, head, left, bottom, "base"))
    if let limit, let x = scale(limit.value) {
      body.append(.rule(x, head - 4, x, bottom, "guide"))
      let half = ChartText.width(limit.name) / 2
      body.append(
        .label(limit.name, min(max(x, half), Self.width - half), head - 10, anchor: "middle", className: "name"))
    }
    body.append(
      .label(
        ChartText.fitted(xTitle, to: Self.width), Self.width / 2, bottom + 38, anchor: "middle", className: "axis"))
    return Chart(name: name, title: title, summary: summary, width: Self.width, height: bottom + 44, body: body)
  }

  private var range: ClosedRange<Double> {
    if let domain { return domain }
    let values = rows.flatMap { row in
      [row.bar, row.span?.lowerBound, row.span?.upperBound].compactMap { $0 } + row.marks.map(\.value)
    }
    let ends = NiceTicks.ends(values + [0, limit?.value ?? 0])
    return NiceTicks.widened(ends, most: 6)
  }

  private var legendMarkup: [Markup] {
    var x = 2.0
    return legend.flatMap { entry -> [Markup] in
      defer { x += 24 + ChartText.width(entry.name) + 12 }
      return [Marker.markup(x + 6, 12, style: entry.style), .label(entry.name, x + 16, 16, className: "legend")]
    }
  }

  private func drawn(_ row: Row, at y: Double, _ scale: ChartScale) -> [Markup] {
    var result: [Markup] = []
    let left = scale.from
    if let bar = row.bar, let end = scale(bar) {
      let hover = "\(row.name): \(NumberFormat.significant(bar))\(unit)"
      result.append(.box(min(left, end), y - 7, abs(end - left), 14, "bar s0", hover: hover))
    }
    if let span = row.span, let low = scale(span.lowerBound), let high = scale(span.upperBound) {
      result.append(.box(low, y - 2.5, max(high - low, 1), 5, "bar pale s0"))
    }
    for mark in row.marks {
      guard let x = scale(mark.value) else { continue }
      let hover = "\(row.name), \(mark.name): \(NumberFormat.significant(mark.value))\(unit)"
      result.append(Marker.markup(x, y, style: mark.style, hover: hover, radius: 4))
    }
    return result
  }
}
