import MoultFormats
import MoultTraining

/// A line chart over epochs, or over another increasing quantity, with optional shaded areas behind the lines.
struct LineChart {
  /// A line with its points.
  struct Line {
    var name: String
    /// The number of the series, which selects color, dash and marker.
    var style: Int
    var points: [Downsampling.Point]
  }

  /// A shaded area between two lines with the same x values.
  struct Band {
    var name: String
    var style: Int
    var places: [(x: Double, low: Double, high: Double)]
  }

  /// The largest number of points of a path.
  static let pathLimit = 1000
  /// The largest number of points for which every point shows its value under the pointer.
  private static let markLimit = 60

  var name: String
  var title: String
  var summary: String
  var xTitle: String
  var yTitle: String
  var yUnit = ""
  /// Whether the ticks of the horizontal axis are integers only.
  var countsX = true
  /// The limits of the vertical axis, such as 0...100 for percentages; `nil` for none.
  var yLimits: ClosedRange<Double>?
  /// The range of the horizontal axis; `nil` for that of the points.
  var xDomain: ClosedRange<Double>?
  /// Whether the vertical axis is logarithmic if the values suggest it.
  var mayBeLogarithmic = false
  var lines: [Line]
  var bands: [Band] = []
  /// The x value at which a vertical line is drawn, and its name; `nil` for none.
  var highlight: (x: Double, name: String)?
  /// Whether to draw the line on which x and y are equal.
  var hasDiagonal = false

  /// Draws the chart; returns `nil` if no value is finite.
  func chart() -> Chart? {
    let values = lines.flatMap { $0.points.map(\.y) } + bands.flatMap { $0.places.flatMap { [$0.low, $0.high] } }
    guard values.contains(where: \.isFinite) else { return nil }
    let frame = PlotFrame(x: xAxis, y: yAxis(values), legend: legend)
    var body = frame.axes
    if hasDiagonal { body.append(diagonal(frame)) }
    for band in bands { body += area(band, frame) }
    if let highlight, let x = frame.x(highlight.x) {
      let text = ChartText.fitted(highlight.name, to: 150), half = ChartText.width(text) / 2
      body.append(.rule(x, frame.top, x, frame.bottom, "guide"))
      body.append(
        .label(
          text, min(max(x, frame.left + half), frame.right - half), frame.top - 6, anchor: "middle", className: "name"))
    }
    for line in lines { body += drawn(line, frame) }
    return Chart(
      name: name, title: title, summary: summary, width: PlotFrame.width, height: frame.height, body: body)
  }

  private var xAxis: PlotFrame.Axis {
    let places = lines.flatMap { $0.points.map(\.x) } + bands.flatMap { $0.places.map(\.x) }
    var domain = xDomain ?? NiceTicks.ends(places)
    // A single epoch is drawn in the middle.
    if countsX, xDomain == nil, let only = places.first, places.allSatisfy({ $0 == only }) {
      domain = only - 1...only + 1
    }
    return PlotFrame.Axis(title: xTitle, domain: domain, isInteger: countsX)
  }

  private func yAxis(_ values: [Double]) -> PlotFrame.Axis {
    let ends = NiceTicks.ends(values)
    if mayBeLogarithmic, ChartScale.asksForLogarithm(values) {
      return PlotFrame.Axis(title: yTitle + ", logarithmic", unit: yUnit, domain: ends, isLogarithmic: true)
    }
    var domain = NiceTicks.widened(ends, most: 6)
    if let yLimits, yLimits.lowerBound <= ends.lowerBound, ends.upperBound <= yLimits.upperBound {
      domain = domain.clamped(to: yLimits)
    }
    return PlotFrame.Axis(title: yTitle, unit: yUnit, domain: domain)
  }

  private var legend: [(key: PlotFrame.LegendKey, name: String)] {
    // A single line needs no legend, because the title names it.
    (lines.count > 1 ? lines.map { (.line(style: $0.style), $0.name) } : [])
      + bands.filter { !$0.name.isEmpty }.map { (.area(style: $0.style), $0.name) }
  }

  private func diagonal(_ frame: PlotFrame) -> Markup {
    let low = max(frame.x.domain.lowerBound, frame.y.domain.lowerBound)
    let high = min(frame.x.domain.upperBound, frame.y.domain.upperBound)
    guard low < high, let x1 = frame.x(low), let y1 = frame.y(low), let x2 = frame.x(high), let y2 = frame.y(high)
    else { return .nothing }
    return .rule(x1, y1, x2, y2, "guide")
  }

  private func drawn(_ line: Line, _ frame: PlotFrame) -> [Markup] {
    let points = Downsampling.kept(line.points, limit: Self.pathLimit)
    let places = points.map { point -> (x: Double, y: Double)? in
      guard let x = frame.x(point.x), let y = frame.y(point.y) else { return nil }
      return (x, y)
    }
    var path = PathData()
    for (index, place) in places.enumerated() {
      guard let place else { continue }
      let follows = index > 0 && places[index - 1] != nil
      let leads = index + 1 < places.count && places[index + 1] != nil
      if follows {
        path.line(place.x, place.y)
      } else if leads {
        path.move(place.x, place.y)
      } else {
        path.dot(place.x, place.y)
      }
    }
    var result: [Markup] = path.text.isEmpty ? [] : [.path(path, "line s\(line.style % ReportStyle.seriesCount)")]
    // About eight points of each line have a marker of its series. With few points, all show their values under the
    // pointer.
    let every = max(1, (points.count + 7) / 8)
    for (index, place) in places.enumerated() {
      guard let place, points.count <= Self.markLimit || index % every == 0 else { continue }
      let hover =
        "\(line.name), \(xTitle) \(Self.short(points[index].x)): \(NumberFormat.significant(points[index].y))\(yUnit)"
      if index % every == 0 || points.count <= 12 {
        result.append(Marker.markup(place.x, place.y, style: line.style, hover: hover))
      } else {
        result.append(.box(place.x - 4, place.y - 4, 8, 8, "hover", hover: hover))
      }
    }
    return result
  }

  private func area(_ band: Band, _ frame: PlotFrame) -> [Markup] {
    let middles = band.places.map { Downsampling.Point(x: $0.x, y: $0.low.isFinite ? $0.high : .nan) }
    let kept = Set(Downsampling.kept(middles, limit: Self.pathLimit).map(\.x))
    let places = band.places.filter { kept.contains($0.x) }.map { place -> (x: Double, low: Double, high: Double)? in
      guard let x = frame.x(place.x), let low = frame.y(place.low), let high = frame.y(place.high) else { return nil }
      return (x, low, high)
    }
    var path = PathData()
    for run in places.split(whereSeparator: { $0 == nil }) where run.count > 1 {
      let run = run.compactMap { $0 }
      for (index, place) in run.enumerated() {
        if index == 0 { path.move(place.x, place.high) } else { path.line(place.x, place.high) }
      }
      for place in run.reversed() { path.line(place.x, place.low) }
      path.close()
    }
    return path.text.isEmpty ? [] : [.path(path, "area s\(band.style % ReportStyle.seriesCount)")]
  }

  private static func short(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? NumberFormat.grouped(value) : NumberFormat.significant(value)
  }
}
