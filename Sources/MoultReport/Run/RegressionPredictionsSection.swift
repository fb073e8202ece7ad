import MoultFormats
import MoultTraining

/// The section about the predictions of a regression: errors, predicted against true values, residuals.
struct RegressionPredictionsSection {
  let report: RegressionReport

  private var points: [Downsampling.Point] {
    zip(report.truths, report.predictions).map { Downsampling.Point(x: $0, y: $1) }
  }

  var content: RunPage.Content? {
    let scatter = ScatterChart(
      name: "predictions", title: "Predicted against true",
      summary:
        "\(NumberFormat.grouped(points.count)) predictions of \(report.target); on the dashed line they are exact.",
      xTitle: "true \(report.target)", yTitle: "predicted \(report.target)", points: points
    ).chart()
    let histogram = HistogramChart(
      name: "residuals", title: "Residuals",
      summary: "How far the predictions of \(report.target) are off; the dashed line is 0.",
      xTitle: "predicted minus true", groups: [.init(name: "residuals", style: 0, values: points.map { $0.y - $0.x })],
      center: 0)
    let residuals = histogram.chart()
    return .init(
      section: .predictions, title: "What it predicts", lead: lead,
      body: [
        .grid([
          .card("Errors", [metricTable.markup], isWide: true),
          .figure(
            scatter, points.count > ScatterChart.limit ? "\(ScatterChart.limit) of the samples, evenly spread." : "",
            pointTable),
          .figure(residuals, "Where predictions are too high, at the right of the dashed line.", binTable(histogram)),
        ])
      ], charts: [scatter, residuals].compactMap { $0 })
  }

  private var lead: String {
    let error = report.metrics.rootMeanSquaredError
    guard let baseline = report.baseline, baseline.rootMeanSquaredError > 0, error.isFinite else {
      return "Predictions of \(report.target) on data that the model never saw."
    }
    let ratio = error / baseline.rootMeanSquaredError
    return
      "The root mean squared error is \(NumberFormat.percent(ratio, 0)) of what always predicting the mean of the training "
      + "data would give."
  }

  private var metricTable: ReportTable {
    func row(_ name: String, _ metric: String, _ value: (RegressionReport.Metrics) -> Double) -> [ReportTable.Cell] {
      [.text(name), .number(value(report.metrics), metric: "test_" + metric)]
        + (report.baseline.map { [.number(value($0), metric: "baseline_" + metric)] } ?? [])
    }
    return ReportTable(
      ["", "this model"] + (report.baseline == nil ? [] : ["always the mean"]),
      [
        row("Root mean squared error", "rmse", \.rootMeanSquaredError),
        row("Mean absolute error", "mae", \.meanAbsoluteError),
        row("R²", "r2", \.determination),
      ])
  }

  private var pointTable: ReportTable {
    ReportTable(
      ["true", "predicted", "residual"], points.map { [.number($0.x), .number($0.y), .number($0.y - $0.x)] })
  }

  private func binTable(_ histogram: HistogramChart) -> ReportTable? {
    histogram.bins().map { edges, counts in
      ReportTable(
        ["from", "to", "samples"],
        counts[0].indices.map { [.number(edges[$0]), .number(edges[$0 + 1]), .count(counts[0][$0])] })
    }
  }
}
