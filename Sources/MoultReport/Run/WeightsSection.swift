import MoultFormats

/// The section about the norms of the layers' incoming weights.
struct WeightsSection {
  let layers: [WeightNorms]

  var content: RunPage.Content? {
    guard !layers.isEmpty else { return nil }
    let limits = Set(layers.compactMap(\.limit).filter(\.isFinite))
    let chart = BarChart(
      name: "weight-norms", title: "Norms of incoming weights",
      summary: layers.map { "\($0.layer): \(text($0.min)) to \(text($0.max)), mean \(text($0.mean))" }
        .joined(separator: "; "), xTitle: "L2 norm of a unit's incoming weights",
      legend: limits.count == 1 ? [] : [(0, "mean")],
      rows: layers.map { layer in
        var row = BarChart.Row(name: layer.layer, text: text(layer.mean))
        if layer.min.isFinite, layer.max.isFinite, layer.min <= layer.max { row.span = layer.min...layer.max }
        row.marks = [(layer.mean, 0, "mean")]
        return row
      }, limit: limits.count == 1 ? limits.first.map { ($0, "max-norm \(NumberFormat.significant($0))") } : nil
    ).chart()
    let table = ReportTable(
      ["layer", "mean", "least", "greatest", "limit"],
      layers.map {
        [
          .text($0.layer), .number($0.mean, metric: "norm_mean"), .number($0.min, metric: "norm_min"),
          .number($0.max, metric: "norm_max"), .number($0.limit),
        ]
      })
    return .init(
      section: .weights, title: RunReport.Section.weights.title,
      lead:
        "From the least to the greatest norm of a layer's units; the mark, and the number at the right, is the mean.",
      body: [.grid([.figure(chart, "", table)])], charts: [chart].compactMap { $0 })
  }

  private func text(_ value: Double) -> String { value.isFinite ? NumberFormat.significant(value) : "–" }
}
