import MoultFormats
import MoultTraining

/// The section about predictions: confusion matrix, metrics by class and the most wrong samples, or the errors of a
/// regression.
struct PredictionsSection {
  let report: RunReport

  /// The largest number of wrong samples that are shown.
  private static let sampleLimit = 24

  var content: RunPage.Content? {
    if let regression = report.regression { return RegressionPredictionsSection(report: regression).content }
    guard let classification = report.classification else { return nil }
    let confusion = classification.confusion
    let matrix = confusion.flatMap { ConfusionChart(matrix: $0, summary: summary($0)).chart() }
    let classes = confusion.flatMap(classChart)
    let samples = wrong(Array(classification.mostWrong.prefix(Self.sampleLimit)))
    guard matrix != nil || classes != nil || samples != nil else { return nil }
    let caption =
      (confusion?.classes.count ?? 0) > ConfusionChart.matrixLimit
      ? "The true class, and the one that was predicted instead."
      : "A row for each true class, a column for each predicted one; the darker, the larger its share of the row."
    return .init(
      section: .predictions, title: RunReport.Section.predictions.title,
      lead: confusion.map(summary) ?? "The wrong predictions with the greatest confidence.",
      body: [
        .grid([
          .figure(matrix, caption, confusion.map(pairTable)),
          .figure(classes, "The classes with the lowest recall come first.", confusion.map(classTable)),
          samples ?? .nothing,
        ])
      ], charts: [matrix, classes].compactMap { $0 })
  }

  private func summary(_ matrix: ConfusionMatrix) -> String {
    let total = matrix.classes.indices.reduce(0) { $0 + matrix.total($1) }
    let right = matrix.classes.indices.reduce(0) { $0 + matrix.counts[$1][$1] }
    guard total > 0 else { return "No samples." }
    var text = "\(NumberFormat.grouped(right)) of \(NumberFormat.grouped(total)) predictions were right."
    if let worst = matrix.mostConfused(1).first {
      text +=
        " Most often \(ChartText.fitted(matrix.classes[worst.truth], to: 300)) was taken for "
        + "\(ChartText.fitted(matrix.classes[worst.answer], to: 300)), "
        + (worst.count == 1 ? "once." : "\(NumberFormat.grouped(worst.count)) times.")
    }
    return text
  }

  private func pairTable(_ matrix: ConfusionMatrix) -> ReportTable {
    let pairs = matrix.mostConfused(100)
    return ReportTable(
      ["true", "predicted", "samples", "of the class"],
      pairs.map { pair in
        [
          .text(matrix.classes[pair.truth]), .text(matrix.classes[pair.answer]), .count(pair.count),
          .percent(Double(pair.count) / Double(max(matrix.total(pair.truth), 1))),
        ]
      })
  }

  /// Returns the indices of the classes in the order of their recall, the lowest first, classes without samples last.
  private func order(_ matrix: ConfusionMatrix) -> [Int] {
    let recalls = matrix.classes.indices.map { matrix.recall($0) ?? 2 }
    return matrix.classes.indices.sorted { (recalls[$0], $0) < (recalls[$1], $1) }
  }

  private func classChart(_ matrix: ConfusionMatrix) -> Chart? {
    let precisions = matrix.precisions
    let rows = order(matrix).prefix(ConfusionChart.matrixLimit).map { label -> BarChart.Row in
      let recall = matrix.recall(label), precision = precisions[label]
      var row = BarChart.Row(name: matrix.classes[label])
      if let precision, let recall {
        row.span = min(precision, recall) * 100...max(precision, recall) * 100
      }
      row.marks =
        (precision.map { [(value: $0 * 100, style: 0, name: "precision")] } ?? [])
        + (recall.map { [(value: $0 * 100, style: 1, name: "recall")] } ?? [])
      row.text = matrix.total(label) > 0 ? NumberFormat.grouped(matrix.total(label)) : "none"
      return row
    }
    let lowest = rows.flatMap { $0.marks.map(\.value) }.min() ?? 0
    let low = NiceTicks.widened(lowest...max(100, lowest + 1), most: 6).lowerBound
    return BarChart(
      name: "classes", title: "Precision and recall by class",
      summary: rows.map { row in
        row.name + ": " + row.marks.map { "\($0.name) \(NumberFormat.fixed($0.value, 1)) %" }.joined(separator: ", ")
      }.joined(separator: "; "),
      xTitle: "share; at the right the samples of the class", unit: " %", domain: max(0, min(low, 90))...100,
      legend: [(0, "precision"), (1, "recall")], rows: Array(rows)
    ).chart()
  }

  private func classTable(_ matrix: ConfusionMatrix) -> ReportTable {
    let precisions = matrix.precisions
    return ReportTable(
      ["class", "precision", "recall", "samples", "right"],
      order(matrix).map { label in
        [
          .text(matrix.classes[label]), .percent(precisions[label], metric: "precision"),
          .percent(matrix.recall(label), metric: "recall"), .count(matrix.total(label)),
          .count(matrix.counts[label][label]),
        ]
      })
  }

  private func wrong(_ samples: [WrongSample]) -> Markup? {
    guard !samples.isEmpty else { return nil }
    let hasFields = samples.contains {
      if case .fields = $0.content { true } else { false }
    }
    return .card(
      "Most wrong",
      [
        .tag("p", ["class": "note"], text: "Wrong predictions with the greatest confidence, the worst first."),
        .tag("ul", ["class": hasFields ? "samples rows" : "samples"], samples.map(card)),
      ], isWide: true)
  }

  private func card(_ sample: WrongSample) -> Markup {
    var picture = Markup.nothing, fields = Markup.nothing
    switch sample.content {
    case .image(let width, let height, let channels, let bytes):
      if let address = PNG.dataURI(width: width, height: height, channels: channels, bytes: bytes) {
        picture = .tag(
          "img",
          [
            "src": address, "width": String(width), "height": String(height),
            "alt": "Sample \(sample.index): \(sample.truth), predicted as \(sample.answer)",
          ])
      }
    case .fields(let rows):
      fields = .tag("dl", [:], rows.flatMap { [.tag("dt", text: $0.name), .tag("dd", text: $0.value)] })
    }
    func percent(_ share: Double) -> String { share.isFinite ? NumberFormat.percent(share, 1) : "–" }
    let truth = sample.truthProbability.map { " (\(percent($0)))" } ?? ""
    return .tag(
      "li", [:],
      [
        picture, .tag("strong", text: sample.answer), .text(" "), .tag("span", text: percent(sample.probability)),
        .tag("br"), .tag("span", text: "is "), .tag("bdi", text: sample.truth),
        .tag("span", text: truth), .tag("br"), .tag("span", text: "no. \(sample.index)"), fields,
      ])
  }
}
