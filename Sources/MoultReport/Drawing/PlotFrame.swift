/// The frame of a chart with two axes: it maps values to positions and draws ticks, labels, grid and legend.
struct PlotFrame {
  /// The description of an axis: its title, unit and range.
  struct Axis {
    var title: String
    /// The text after each tick label, such as " %".
    var unit = ""
    var domain: ClosedRange<Double>
    var isLogarithmic = false
    /// Whether the ticks are integers only.
    var isInteger = false
  }

  /// The symbol that the legend shows beside a name.
  enum LegendKey {
    case line(style: Int)
    case area(style: Int)
    case mark(style: Int)
  }

  static let width = 460.0
  private static let plotHeight = 208.0

  let x, y: ChartScale
  let height: Double
  let left, right, top, bottom: Double
  private let xAxis, yAxis: Axis
  private let xTicks, yTicks: NiceTicks
  private let legend: [Markup]

  init(x xAxis: Axis, y yAxis: Axis, legend entries: [(key: LegendKey, name: String)] = []) {
    (self.xAxis, self.yAxis) = (xAxis, yAxis)
    // A range that was extended for six ticks can hold seven; with `most: 8` the same step is found again.
    yTicks = Self.ticks(yAxis, most: 8)
    let widest = yTicks.labels.map { ChartText.width($0 + yAxis.unit) }.max() ?? 0
    left = max(widest, 18) + 12
    right = Self.width - 16
    let (markup, rows) = Self.legend(entries)
    legend = markup
    top = Double(rows) * ChartText.lineHeight + (rows > 0 ? 8 : 0) + 32
    bottom = top + Self.plotHeight
    height = bottom + 44
    xTicks =
      xAxis.isLogarithmic
      ? .logarithmic(xAxis.domain, most: 6)
      : .fitting(xAxis.domain, length: right - left - 4, unit: xAxis.unit, isInteger: xAxis.isInteger)
    x = ChartScale(domain: xAxis.domain, from: left + 4, to: right, isLogarithmic: xAxis.isLogarithmic)
    y = ChartScale(domain: yAxis.domain, from: bottom, to: top, isLogarithmic: yAxis.isLogarithmic)
  }

  /// The grid, labels, titles and legend, which are drawn below the data.
  var axes: [Markup] {
    var result = legend
    result.append(.label(ChartText.fitted(yAxis.title, to: Self.width - 20), 2, top - 16, className: "axis"))
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      guard let place = y(value) else { continue }
      result.append(.rule(left, place, right, place, "gridline"))
      result.append(.label(label + yAxis.unit, left - 8, place + 4, anchor: "end", className: "tick"))
    }
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      guard let place = x(value) else { continue }
      let text = label + xAxis.unit, half = ChartText.width(text) / 2
      result.append(.rule(place, bottom, place, bottom + 4, "base"))
      result.append(
        .label(text, min(place, Self.width - half - 1), bottom + 18, anchor: "middle", className: "tick"))
    }
    result.append(.rule(left, bottom, right, bottom, "base"))
    result.append(
      .label(
        ChartText.fitted(xAxis.title, to: Self.width - 20), (left + right) / 2, bottom + 38, anchor: "middle",
        className: "axis"))
    return result
  }

  private static func ticks(_ axis: Axis, most: Int) -> NiceTicks {
    axis.isLogarithmic
      ? .logarithmic(axis.domain, most: most) : .linear(axis.domain, most: most, isInteger: axis.isInteger)
  }

  /// Returns the legend and the number of its rows.
  private static func legend(_ entries: [(key: LegendKey, name: String)]) -> (markup: [Markup], rows: Int) {
    var markup: [Markup] = []
    var x = 2.0, row = 0
    for entry in entries {
      let name = ChartText.fitted(entry.name, to: 190)
      let needed = 30 + ChartText.width(name) + 14
      if x > 2, x + needed > width { (x, row) = (2, row + 1) }
      let y = Double(row) * ChartText.lineHeight + 14
      switch entry.key {
      case .line(let style):
        markup.append(.rule(x, y - 4, x + 24, y - 4, "line s\(style % ReportStyle.seriesCount)"))
        markup.append(Marker.markup(x + 12, y - 4, style: style, radius: 2.8))
      case .area(let style):
        markup.append(.box(x, y - 10, 24, 12, "area s\(style % ReportStyle.seriesCount)"))
      case .mark(let style): markup.append(Marker.markup(x + 12, y - 4, style: style))
      }
      markup.append(.label(name, x + 30, y, className: "legend"))
      x += needed
    }
    return (markup, entries.isEmpty ? 0 : row + 1)
  }
}
