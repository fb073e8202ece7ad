/// A scatter chart of predicted against true values, with a dashed line on which they are equal.
struct ScatterChart {
  /// The largest number of points that are drawn.
  static let limit = 2000

  var name: String
  var title: String
  var summary: String
  var xTitle: String
  var yTitle: String
  var points: [Downsampling.Point]

  /// Draws the chart; returns `nil` if no point is finite.
  func chart() -> Chart? {
    let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
    guard !finite.isEmpty else { return nil }
    let domain = NiceTicks.widened(NiceTicks.ends(finite.flatMap { [$0.x, $0.y] }), most: 6)
    let frame = PlotFrame(x: .init(title: xTitle, domain: domain), y: .init(title: yTitle, domain: domain))
    var path = PathData()
    for index in Downsampling.spread(finite.count, limit: Self.limit) {
      if let x = frame.x(finite[index].x), let y = frame.y(finite[index].y) { path.dot(x, y) }
    }
    let diagonal = Markup.rule(frame.x.from, frame.bottom, frame.x.to, frame.top, "guide")
    return Chart(
      name: name, title: title, summary: summary, width: PlotFrame.width, height: frame.height,
      body: frame.axes + [diagonal, .path(path, "dots s0")])
  }
}
