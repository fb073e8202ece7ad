import MoultFormats
import MoultTraining

/// The section about sparsity: the zeros in the layers' inputs, and the time saved by skipping them.
struct SparsitySection {
  let layers: [LayerSparsity]
  /// The number of samples in the measured training step; nil if it is not known.
  let samples: Int?

  init(_ report: RunReport) { (layers, samples) = (report.sparsity, report.sparsitySamples) }

  /// A text that describes the measurement: a training step with its number of samples.
  var measured: String {
    let size = samples.map { " of \(NumberFormat.grouped($0)) sample\($0 == 1 ? "" : "s")" } ?? ""
    return "in one training step\(size), measured after training"
  }

  /// The fraction of all multiplications that were skipped; `nil` without layers.
  var skipped: Double? {
    let counted = layers.filter { $0.skipped.isFinite && $0.multiplications.isFinite && $0.multiplications > 0 }
    let all = counted.reduce(0) { $0 + $1.multiplications }
    guard all > 0, all.isFinite else { return nil }
    return counted.reduce(0) { $0 + $1.skipped * $1.multiplications / all }
  }

  /// The time in seconds that skipping zeros saved in the step; `nil` if it is not known for every layer.
  var saved: Double? {
    let times = layers.map { layer in layer.seconds.flatMap { seconds in layer.denseSeconds.map { $0 - seconds } } }
    guard !times.isEmpty, !times.contains(where: { !($0?.isFinite ?? false) }) else { return nil }
    return times.reduce(0) { $0 + ($1 ?? 0) }
  }

  /// Returns the saved time as the end of a sentence about `subject`; `nil` if it is not known.
  func savings(_ subject: String) -> String? {
    saved.map { seconds in
      guard seconds > 0 else { return "skipping saved no time here" }
      let (value, unit) = NumberFormat.duration(seconds)
      return "\(subject) saved \(value) \(unit)"
    }
  }

  var content: RunPage.Content? {
    guard !layers.isEmpty else { return nil }
    func percent(_ share: Double) -> String { share.isFinite ? NumberFormat.percent(share, 0) : "–" }
    let chart = BarChart(
      name: "sparsity", title: "What was left to multiply",
      summary: layers.map { "\($0.layer): \(percent($0.density)) of its inputs are not zero" }.joined(separator: "; "),
      xTitle: "share of the layer's inputs that are not zero", unit: " %", domain: 0...100,
      rows: layers.map { .init(name: $0.layer, bar: $0.density * 100, text: percent($0.density)) }
    ).chart()
    let time = timeChart
    return .init(
      section: .sparsity, title: RunReport.Section.sparsity.title, lead: lead,
      body: [
        .grid([
          .figure(chart, Self.inputs, table),
          .figure(time, "Time of each layer's products, forward and backward, \(measured).", table),
        ])
      ], charts: [chart, time].compactMap { $0 })
  }

  private static let inputs =
    "The first layer's inputs are the data, the others' what ReLU let through; dropout, where there is any, makes more of "
    + "them zero."

  private var lead: String {
    guard let skipped else { return "Products skip what is multiplied by zero; the result is the same, bit for bit." }
    let saving = savings("that").map { "; " + $0 } ?? ""
    return
      "\(NumberFormat.percent(skipped, 1)) of all multiplications were skipped \(measured), because one factor was "
      + "zero\(saving). The result is the same, bit for bit."
  }

  private var timeChart: Chart? {
    guard layers.contains(where: { $0.seconds != nil && $0.denseSeconds != nil }) else { return nil }
    let greatest = layers.compactMap(\.denseSeconds).filter(\.isFinite).max() ?? 1
    let (factor, unit) = NumberFormat.unit(of: greatest)
    let rows = layers.map { layer in
      var row = BarChart.Row(name: layer.layer)
      if let seconds = layer.seconds, let dense = layer.denseSeconds, seconds.isFinite, dense.isFinite {
        row.span = min(seconds, dense) * factor...max(seconds, dense) * factor
        row.marks = [(seconds * factor, 0, "skipping"), (dense * factor, 1, "without")]
        if seconds > 0 { row.text = NumberFormat.fixed(dense / seconds, 1) + "×" }
      }
      return row
    }
    return BarChart(
      name: "time-saved", title: "Time with and without skipping",
      summary: rows.map { "\($0.name): \($0.text)" }.joined(separator: "; "),
      xTitle: "time; at the right how many times as fast", unit: " " + unit,
      legend: [(0, "skipping zeros"), (1, "multiplying all")], rows: rows
    ).chart()
  }

  private var table: ReportTable {
    ReportTable(
      ["layer", "not zero", "skipped", "seconds, one step", "without skipping"],
      layers.map {
        [
          .text($0.layer), .percent($0.density, metric: "density"), .percent($0.skipped, metric: "skipped"),
          .number($0.seconds, metric: "seconds"), .number($0.denseSeconds, metric: "dense_seconds"),
        ]
      })
  }
}
