import MoultFormats
import MoultTraining

/// The section about confidence: calibration, uncertainty of right and wrong predictions, and interval coverage.
struct ConfidenceSection {
  let report: RunReport

  var content: RunPage.Content? {
    let curves = report.classification.map { [$0.calibration, $0.scaledCalibration] } ?? []
    let reliability = reliabilityChart(curves)
    let split = report.classification?.uncertainty
    let histogram = split.map(histogram)
    let uncertainty = histogram?.chart()
    let coverage = coverageChart
    let charts = [reliability, uncertainty, coverage].compactMap { $0 }
    guard !charts.isEmpty else { return nil }
    return .init(
      section: .confidence, title: RunReport.Section.confidence.title, lead: lead,
      body: [
        .grid([
          .figure(
            reliability, "On the dashed line the model is right as often as it says. \(evaluated)",
            reliabilityTable(curves)),
          .figure(
            uncertainty, "Wrong predictions should lie further to the right than right ones. \(sampled)",
            split.flatMap { split in histogram.map { uncertaintyTable($0, split) } }),
          .figure(
            coverage, "On the dashed line an interval holds as many of the true values as it promises.", coverageTable),
        ])
      ], charts: charts)
  }

  /// The samples on which calibration was evaluated, in words.
  private var evaluated: String {
    guard let bins = report.classification?.calibration?.bins else { return "" }
    let count = NumberFormat.grouped(bins.reduce(0) { $0 + $1.count })
    return switch report.classification?.temperatureSource {
    case .validation(let fitted):
      "Evaluated on \(count) test samples; the temperature was fitted on \(NumberFormat.grouped(fitted)) of the "
        + "validation part."
    case .restOfTest(let fitted):
      "Evaluated on \(count) test samples, drawn at random; the temperature was fitted on the other "
        + "\(NumberFormat.grouped(fitted))."
    case nil: "Evaluated on \(count) samples."
    }
  }

  /// The samples on which uncertainty was evaluated, in words.
  private var sampled: String {
    guard let split = report.classification?.uncertainty else { return "" }
    let count = NumberFormat.grouped(split.right.count + split.wrong.count)
    return split.drawnFrom.map { "Of \(count) test samples, drawn at random from \(NumberFormat.grouped($0))." }
      ?? "Of all \(count) test samples."
  }

  private var lead: String {
    var sentences: [String] = []
    if let before = report.classification?.calibration, before.expectedError.isFinite {
      var text = "The confidence is off by \(NumberFormat.percent(before.expectedError, 1)) on average"
      if let after = report.classification?.scaledCalibration, after.expectedError.isFinite {
        text += ", by \(NumberFormat.percent(after.expectedError, 1)) after temperature scaling"
      }
      sentences.append(text + ".")
    }
    if let area = report.classification?.uncertainty?.areaUnderROC, area.isFinite {
      sentences.append(
        "A wrong prediction is less certain than a right one with a probability of "
          + "\(NumberFormat.percent(area, 1)) (AUROC)."
      )
    }
    if let last = report.regression?.coverage.last, last.nominal.isFinite, last.observed.isFinite {
      sentences.append(
        "Intervals that promise \(NumberFormat.percent(last.nominal, 0)) hold \(NumberFormat.percent(last.observed, 1)) of "
          + "the true values.")
    }
    return sentences.joined(separator: " ")
  }

  private static let names = ["as trained", "temperature-scaled"]

  private func reliabilityChart(_ curves: [CalibrationCurve?]) -> Chart? {
    let lines = curves.enumerated().compactMap { index, curve -> LineChart.Line? in
      guard let curve else { return nil }
      let points = curve.bins.filter { $0.count > 0 }
        .map { Downsampling.Point(x: $0.confidence * 100, y: $0.accuracy * 100) }
      // The curve after temperature scaling gets the first style, a solid line, because it is the more important one.
      return .init(name: Self.names[index], style: 1 - index, points: points)
    }
    return LineChart(
      name: "reliability", title: "Reliability",
      summary: curves.enumerated().compactMap { index, curve in
        curve.map {
          "\(Self.names[index]): expected calibration error \(NumberFormat.significant($0.expectedError)), negative "
            + "log-likelihood \(NumberFormat.significant($0.negativeLogLikelihood))."
        }
      }.joined(separator: " "), xTitle: "confidence, %", yTitle: "predicted rightly", yUnit: " %", countsX: false,
      yLimits: 0...100, xDomain: 0...100, lines: lines, hasDiagonal: true
    ).chart()
  }

  private func reliabilityTable(_ curves: [CalibrationCurve?]) -> ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for (index, curve) in curves.enumerated() {
      guard let curve else { continue }
      let temperature = index == 1 ? report.classification?.temperature : nil
      let name = Self.names[index] + (temperature.map { ", T = \(NumberFormat.significant($0))" } ?? "")
      rows.append([
        .text(name + ": calibration error"), .number(curve.expectedError, metric: index == 0 ? "ece" : "ece_scaled"),
        .text("log-likelihood, negative"),
        .number(curve.negativeLogLikelihood, metric: index == 0 ? "nll" : "nll_scaled"), .text(""),
      ])
      for bin in curve.bins where bin.count > 0 {
        rows.append([
          .text(Self.names[index]), .percent(bin.lower), .percent(bin.confidence), .percent(bin.accuracy),
          .count(bin.count),
        ])
      }
    }
    return ReportTable(["", "bin from", "confidence", "right", "samples"], rows)
  }

  private func histogram(_ split: UncertaintySplit) -> HistogramChart {
    HistogramChart(
      name: "uncertainty", title: "Uncertainty of right and wrong predictions",
      summary: "\(split.measure) of \(NumberFormat.grouped(split.right.count)) right and "
        + "\(NumberFormat.grouped(split.wrong.count)) wrong predictions."
        + (split.areaUnderROC.map { " AUROC \(NumberFormat.significant($0))." } ?? ""), xTitle: split.measure,
      groups: [
        .init(name: "right (\(NumberFormat.grouped(split.right.count)))", style: 0, values: split.right),
        .init(name: "wrong (\(NumberFormat.grouped(split.wrong.count)))", style: 1, values: split.wrong),
      ].filter { !$0.values.isEmpty })
  }

  private func uncertaintyTable(_ histogram: HistogramChart, _ split: UncertaintySplit) -> ReportTable {
    let area: [[ReportTable.Cell]] =
      split.areaUnderROC.map { [[.text("AUROC"), .number($0, metric: "auroc")]] } ?? []
    guard let (edges, counts) = histogram.bins() else { return ReportTable(["", ""], area) }
    return ReportTable(
      ["from", "to"] + histogram.groups.map(\.name),
      area.map { $0 + counts.map { _ in .text("") } }
        + counts[0].indices.map { bin in
          [.number(edges[bin]), .number(edges[bin + 1])] + counts.map { .count($0[bin]) }
        })
  }

  private var coverageChart: Chart? {
    let coverage = report.regression?.coverage ?? []
    return LineChart(
      name: "coverage", title: "Interval coverage",
      summary: coverage.map {
        "\(NumberFormat.percent($0.nominal, 0)) interval: \(NumberFormat.percent($0.observed, 1))"
      }
      .joined(separator: "; "), xTitle: "promised, %", yTitle: "true values inside", yUnit: " %", countsX: false,
      yLimits: 0...100, xDomain: 0...100,
      lines: [
        .init(name: "intervals", style: 0, points: coverage.map { .init(x: $0.nominal * 100, y: $0.observed * 100) })
      ], hasDiagonal: true
    ).chart()
  }

  private var coverageTable: ReportTable {
    ReportTable(
      ["promised", "inside"],
      (report.regression?.coverage ?? []).map { [.percent($0.nominal), .percent($0.observed, metric: "coverage")] })
  }
}
