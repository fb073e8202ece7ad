import MoultFormats

/// A confusion matrix for up to 20 classes; for more, a bar chart of the most confused pairs of classes.
struct ConfusionChart {
  /// The largest number of classes that is drawn as a matrix.
  static let matrixLimit = 20
  private static let width = PlotFrame.width
  private static let pairLimit = 20

  var matrix: ConfusionMatrix
  var summary: String

  /// Draws the chart; returns `nil` without classes.
  func chart() -> Chart? {
    if matrix.classes.isEmpty { return nil }
    return matrix.classes.count <= Self.matrixLimit ? cells() : pairs()
  }

  private func cells() -> Chart {
    let count = matrix.classes.count
    let names = matrix.classes.map { ChartText.fitted($0, to: 96) }
    let widest = names.map(ChartText.width).max() ?? 0
    let left = widest + 34
    let size = min(44, (Self.width - left - 4) / Double(count))
    let turned = widest > size - 4
    let top = 26 + (turned ? widest + 4 : ChartText.lineHeight)
    let middle = left + size * Double(count) / 2
    var body: [Markup] = [
      .label("predicted", middle, 14, anchor: "middle", className: "axis"),
      .label(
        "true", 0, 0, anchor: "middle", className: "axis",
        transform: "translate(14 \(PathData.number(top + size * Double(count) / 2))) rotate(-90)"),
    ]
    for row in 0..<count {
      let center = (Double(row) + 0.5) * size
      body.append(.label(names[row], left - 8, top + center + 4, anchor: "end", className: "name"))
      if turned {
        let place = "translate(\(PathData.number(left + center + 4)) \(PathData.number(top - 8))) rotate(-90)"
        body.append(.label(names[row], 0, 0, className: "name", transform: place))
      } else {
        body.append(.label(names[row], left + center, top - 8, anchor: "middle", className: "name"))
      }
      let total = matrix.counts[row].reduce(0, +)
      for column in 0..<count {
        body += cell(row, column, of: total, left + Double(column) * size, top + Double(row) * size, size)
      }
    }
    return Chart(
      name: "confusion", title: "Confusion matrix", summary: summary, width: Self.width,
      height: top + size * Double(count) + 8, body: body)
  }

  private func cell(
    _ row: Int, _ column: Int, of total: Int, _ x: Double, _ y: Double, _ size: Double
  ) -> [Markup] {
    let count = matrix.counts[row][column]
    let share = total > 0 ? Double(count) / Double(total) : 0
    let hover =
      "\(matrix.classes[row]) predicted as \(matrix.classes[column]): \(NumberFormat.grouped(count)) of "
      + "\(NumberFormat.grouped(total)) (\(NumberFormat.percent(share, 1)))"
    // The opacity jumps at 0.5, because between the two ranges neither dark nor light digits have a contrast of 4.5.
    let isHigh = share >= 0.5
    let opacity = isHigh ? 0.76 + (share - 0.5) * 0.48 : 0.08 + share.squareRoot() * 0.79
    let style = count == 0 ? "empty" : isHigh ? "cell-high" : "cell"
    let box = Markup.box(
      x + 1, y + 1, size - 2, size - 2, style, opacity: count == 0 ? nil : opacity, hover: hover)
    let text = Self.short(count)
    guard count > 0, ChartText.width(text) <= size - 1 else { return [box] }
    return [
      box, .label(text, x + size / 2, y + size / 2 + 4, anchor: "middle", className: isHigh ? "on-cell" : "in-cell"),
    ]
  }

  /// Returns a count in at most four characters, so that it fits into a cell.
  private static func short(_ count: Int) -> String {
    count < 10_000 ? String(count) : count < 1_000_000 ? "\(count / 1000)k" : "\(count / 1_000_000)M"
  }

  private func pairs() -> Chart? {
    let pairs = matrix.mostConfused(Self.pairLimit)
    return BarChart(
      name: "confusion", title: "Most confused pairs", summary: summary, xTitle: "samples predicted so",
      rows: pairs.map { pair in
        let truth = ChartText.fitted(matrix.classes[pair.truth], to: 62)
        let answer = ChartText.fitted(matrix.classes[pair.answer], to: 62)
        return BarChart.Row(
          name: truth + "→" + answer, bar: Double(pair.count), text: NumberFormat.grouped(pair.count))
      }
    ).chart()
  }
}
