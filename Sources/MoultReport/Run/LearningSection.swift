import MoultFormats
import MoultTraining

/// The section with curves over the epochs: loss, accuracy, learning rate and dropout rates.
struct LearningSection {
  let report: RunReport

  private var epochs: [EpochRecord] { report.history.epochs }

  var content: RunPage.Content? {
    guard !epochs.isEmpty else { return nil }
    let charts = [loss, accuracy, learningRate, dropoutRates]
    let tables = [lossTable, accuracyTable, learningRateTable, dropoutTable]
    let captions = [
      (isGapKnown
        ? "Shaded: the generalization gap, between training and validation samples, both without dropout. " : "")
        + "The loss while training is measured with dropout on, as the weights move.",
      "Answers while training are given with dropout on, the others without.", "At the last step of each epoch.",
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

  /// The epoch that the report names as best; if it names none, the one with the lowest validation loss.
  private var best: EpochRecord? {
    if let named = report.bestEpoch { return epochs.first { $0.epoch == named } }
    return epochs.filter { $0.validationLoss?.isFinite ?? false }
      .min { ($0.validationLoss ?? .infinity) < ($1.validationLoss ?? .infinity) }
  }

  private func line(_ name: String, _ style: Int, _ value: (EpochRecord) -> Double?) -> LineChart.Line? {
    let points = epochs.map { Downsampling.Point(x: Double($0.epoch), y: value($0) ?? .nan) }
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
    if showsGap, lines.count >= 2 {
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

  /// Whether training samples were also evaluated with dropout off. Only then is the difference between the training
  /// and the validation curve the generalization gap.
  private var isGapKnown: Bool { epochs.contains { $0.lossGap != nil } }

  private var loss: Chart? {
    chart(
      "loss", "Loss", "loss",
      isGapKnown
        ? [
          line("training", 0, \.trainEvaluationLoss), line("validation", 1, \.validationLoss),
          line("while training", 2, \.trainLoss),
        ] : [line("while training", 2, \.trainLoss), line("validation", 1, \.validationLoss)], showsGap: isGapKnown)
  }

  private var accuracy: Chart? {
    chart(
      "accuracy", "Accuracy", "predicted rightly", unit: " %", limits: 0...100,
      (isGapKnown ? [line("training", 0) { $0.trainEvaluationAccuracy.map { $0 * 100 } }] : []) + [
        line("validation", 1) { $0.validationAccuracy.map { $0 * 100 } },
        line("while training", 2) { $0.trainAccuracy.map { $0 * 100 } },
      ], showsGap: isGapKnown)
  }

  private var learningRate: Chart? {
    chart("learning-rate", "Learning rate", "learning rate", [line("learning rate", 0, \.learningRate)])
  }

  /// The paths of the layers that have a dropout rate.
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
    table(["while training"] + (isGapKnown ? ["training"] : []) + ["validation"] + (isGapKnown ? ["gap"] : [])) {
      record in
      [.number(record.trainLoss, metric: "train_loss")]
        + (isGapKnown ? [.number(record.trainEvaluationLoss, metric: "train_evaluation_loss")] : [])
        + [.number(record.validationLoss, metric: "validation_loss")] + (isGapKnown ? [.number(record.lossGap)] : [])
    }
  }

  private var accuracyTable: ReportTable {
    table(["while training"] + (isGapKnown ? ["training"] : []) + ["validation"]) { record in
      [.percent(record.trainAccuracy, metric: "train_accuracy")]
        + (isGapKnown ? [.percent(record.trainEvaluationAccuracy, metric: "train_evaluation_accuracy")] : [])
        + [.percent(record.validationAccuracy, metric: "validation_accuracy")]
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
