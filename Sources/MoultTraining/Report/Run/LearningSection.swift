/// Curves over the epochs.
struct LearningSection {
  let report: RunReport

  private var epochs: [EpochRecord] { report.history.epochs }

  var content: RunPage.Content? {
    guard !epochs.isEmpty else { return nil }
    let charts = [loss, accuracy, learningRate, dropoutRates]
    let tables = [lossTable, accuracyTable, learningRateTable, dropoutTable]
    let captions = [
      "Shaded: the generalization gap. Training loss is measured with dropout on, while the weights move.",
      "Training answers are given with dropout on, validation answers without.", "At the last step of each epoch.",
      "The probability that a unit is dropped.",
    ]
    return .init(
      section: .learning, title: RunReport.Section.learning.title, lead: lead,
      body: [
        .grid(zip(charts, zip(captions, tables)).map { .figure($0, $1.0, $1.1) })
      ], charts: charts.compactMap { $0 })
  }

  private var lead: String {
    guard let best else {
      return epochs.count == 1 ? "One epoch." : "\(NumberFormat.grouped(epochs.count)) epochs."
    }
    let loss = best.validationLoss.map { ", with a validation loss of \(NumberFormat.significant($0))" } ?? ""
    return
      "\(NumberFormat.grouped(epochs.count)) epoch\(epochs.count == 1 ? "" : "s"); the best was epoch \(best.epoch)\(loss)."
  }

  /// The epoch that the report names, or the one with the lowest validation loss.
  private var best: EpochRecord? {
    if let named = report.bestEpoch { return epochs.first { $0.epoch == named } }
    return epochs.filter { $0.validationLoss?.isFinite ?? false }
      .min { ($0.validationLoss ?? .infinity) < ($1.validationLoss ?? .infinity) }
  }

  private func line(_ name: String, _ style: Int, _ value: (EpochRecord) -> Double?) -> LineChart.Line? {
    let points = epochs.map { Thinning.Point(x: Double($0.epoch), y: value($0) ?? .nan) }
    return points.contains { $0.y.isFinite } ? .init(name: name, style: style, points: points) : nil
  }

  private func chart(
    _ name: String, _ title: String, _ yTitle: String, unit: String = "", limits: ClosedRange<Double>? = nil,
    _ lines: [LineChart.Line?], showsGap: Bool = false
  ) -> Chart? {
    let lines = lines.compactMap { $0 }
    var chart = LineChart(
      name: name, title: title, summary: summary(title, unit, lines), xTitle: "epoch", yTitle: yTitle, yUnit: unit,
      yLimits: limits, mayBeLogarithmic: unit.isEmpty, lines: lines)
    if showsGap, lines.count == 2 {
      let places = zip(lines[0].points, lines[1].points).map { (x: $0.x, low: $0.y, high: $1.y) }
      chart.bands = [.init(name: "gap", style: 1, places: places)]
    }
    if showsGap, epochs.count > 1, let best {
      chart.highlight = (Double(best.epoch), "best: epoch \(best.epoch)")
    }
    return chart.chart()
  }

  private func summary(_ title: String, _ unit: String, _ lines: [LineChart.Line]) -> String {
    lines.map { line in
      let finite = line.points.filter(\.y.isFinite)
      guard let first = finite.first, let last = finite.last else { return "" }
      return "\(line.name): \(NumberFormat.significant(first.y))\(unit) at epoch \(NumberFormat.grouped(first.x)), "
        + "\(NumberFormat.significant(last.y))\(unit) at epoch \(NumberFormat.grouped(last.x))."
    }.joined(separator: " ")
  }

  private var loss: Chart? {
    chart(
      "loss", "Loss", "loss",
      [line("training", 0, \.trainLoss), line("validation", 1, \.validationLoss)], showsGap: true)
  }

  private var accuracy: Chart? {
    chart(
      "accuracy", "Accuracy", "answered rightly", unit: " %", limits: 0...100,
      [
        line("training", 0) { $0.trainAccuracy.map { $0 * 100 } },
        line("validation", 1) { $0.validationAccuracy.map { $0 * 100 } },
      ], showsGap: true)
  }

  private var learningRate: Chart? {
    chart("learning-rate", "Learning rate", "learning rate", [line("learning rate", 0, \.learningRate)])
  }

  /// The layers with a rate, by their paths.
  private var layers: [String] {
    Set(epochs.flatMap { ($0.dropoutRates ?? [:]).keys }).union(report.constantRates.keys).sorted()
  }

  private func rate(_ layer: String, _ record: EpochRecord) -> Double? {
    record.dropoutRates?[layer] ?? report.constantRates[layer]
  }

  private var dropoutRates: Chart? {
    chart(
      "dropout-rates", "Dropout rates", "rate", unit: " %", limits: 0...100,
      layers.prefix(ReportStyle.seriesCount).enumerated().map { index, layer in
        line(layer, index) { rate(layer, $0).map { $0 * 100 } }
      })
  }

  private func table(_ columns: [String], _ cells: (EpochRecord) -> [ReportTable.Cell]) -> ReportTable {
    var table = ReportTable(
      ["epoch"] + columns, keyed: epochs.map { (["epoch": String($0.epoch)], [.count($0.epoch)] + cells($0)) })
    if let best, let index = epochs.firstIndex(of: best) { table.keptRows = [index] }
    return table
  }

  private var lossTable: ReportTable {
    table(["training", "validation", "gap"]) { record in
      [
        .number(record.trainLoss, metric: "train_loss"), .number(record.validationLoss, metric: "validation_loss"),
        .number(record.validationLoss.map { $0 - record.trainLoss }),
      ]
    }
  }

  private var accuracyTable: ReportTable {
    table(["training", "validation"]) { record in
      [
        .percent(record.trainAccuracy, metric: "train_accuracy"),
        .percent(record.validationAccuracy, metric: "validation_accuracy"),
      ]
    }
  }

  private var learningRateTable: ReportTable {
    table(["learning rate", "steps", "seconds", "samples/s"]) { record in
      [
        .number(record.learningRate, metric: "learning_rate"), .count(record.steps, metric: "steps"),
        .number(record.seconds, metric: "seconds"),
        .number(
          record.samplesPerSecond, shown: NumberFormat.grouped(record.samplesPerSecond), metric: "samples_per_second"),
      ]
    }
  }

  private var dropoutTable: ReportTable {
    let layers = layers
    return table(layers) { record in
      layers.map { .number(rate($0, record), metric: "dropout_rates." + $0) }
    }
  }
}
