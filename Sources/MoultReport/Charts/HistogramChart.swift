import MoultFormats

/// A histogram of one group of values, or of two groups that are compared.
struct HistogramChart {
  /// One group of values.
  struct Group {
    var name: String
    var style: Int
    var values: [Double]
  }

  private static let binCount = 24

  var name: String
  var title: String
  var summary: String
  var xTitle: String
  var groups: [Group]
  /// The value at which a vertical line is drawn; `nil` for none.
  var center: Double?

  /// Returns the edges of the bins and the counts of each group; `nil` if no value is finite.
  func bins() -> (edges: [Double], counts: [[Int]])? {
    let values = groups.flatMap(\.values).filter(\.isFinite)
    guard !values.isEmpty else { return nil }
    let domain = NiceTicks.widened(NiceTicks.ends(values), most: 8)
    let width = (domain.upperBound / 2 - domain.lowerBound / 2) / Double(Self.binCount) * 2
    let edges = (0...Self.binCount).map { domain.lowerBound + Double($0) * width }
    let counts = groups.map { group in
      group.values.reduce(into: [Int](repeating: 0, count: Self.binCount)) { counts, value in
        guard value.isFinite else { return }
        let bin = ((value / 2 - domain.lowerBound / 2) / (width / 2)).rounded(.down)
        counts[min(max(Int(bin.isFinite ? bin : 0), 0), Self.binCount - 1)] += 1
      }
    }
    return (edges, counts)
  }

  /// Draws the chart; returns `nil` if no value is finite.
  ///
  /// The height of a bin is its fraction of its own group. With counts, a small group of wrong predictions would be
  /// invisible beside a large group of right ones.
  func chart() -> Chart? {
    guard let (edges, counts) = bins(), let first = edges.first, let last = edges.last, first < last else { return nil }
    let shares = counts.map { counts in
      let total = Double(max(counts.reduce(0, +), 1))
      return counts.map { Double($0) / total * 100 }
    }
    let greatest = shares.joined().max() ?? 1
    let frame = PlotFrame(
      x: .init(title: xTitle, domain: first...last),
      y: .init(
        title: groups.count > 1 ? "Share of each group" : "Share", unit: " %",
        domain: NiceTicks.widened(0...max(greatest, 1), most: 6)),
      legend: groups.count > 1 ? groups.map { (.area(style: $0.style), $0.name) } : [])
    var body = frame.axes
    for (group, (shares, counts)) in zip(groups, zip(shares, counts)) {
      body += drawn(group, shares, counts, edges, frame)
    }
    if let center, let x = frame.x(center), edges[0] <= center, center <= last {
      body.append(.rule(x, frame.top, x, frame.bottom, "guide"))
    }
    return Chart(name: name, title: title, summary: summary, width: PlotFrame.width, height: frame.height, body: body)
  }

  private func drawn(
    _ group: Group, _ shares: [Double], _ counts: [Int], _ edges: [Double], _ frame: PlotFrame
  ) -> [Markup] {
    let base = frame.bottom
    var area = PathData()
    var hovers: [Markup] = []
    for (index, share) in shares.enumerated() {
      guard let x1 = frame.x(edges[index]), let x2 = frame.x(edges[index + 1]), let y = frame.y(share) else { continue }
      if area.text.isEmpty { area.move(x1, base) }
      area.line(x1, y)
      area.line(x2, y)
      if counts[index] > 0 {
        let range = "\(NumberFormat.significant(edges[index])) to \(NumberFormat.significant(edges[index + 1]))"
        hovers.append(
          .box(
            x1, min(y, base - 3), x2 - x1, max(base - y, 3), "hover",
            hover: "\(group.name), \(range): \(NumberFormat.grouped(counts[index])) (\(NumberFormat.fixed(share, 1)) %)"
          ))
      }
    }
    guard !area.text.isEmpty else { return [] }
    var outline = area
    if let end = frame.x(edges[edges.count - 1]) { outline.line(end, base) }
    area = outline
    area.close()
    let style = group.style % ReportStyle.seriesCount
    return [.path(area, "area s\(style)"), .path(outline, "step s\(style)")] + hovers
  }
}
