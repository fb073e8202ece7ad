import MoultFormats
import MoultTraining

/// Creates the HTML page and the charts of a comparison.
struct ComparisonPage {
  let report: ComparisonReport

  /// The metric that the page compares, and its display.
  struct Measure {
    var name: String
    var metric: String
    /// The factor by which displayed values are multiplied.
    var scale: Double
    var unit: String
    var value: (FinalMetrics) -> Double?
  }

  /// Accuracy if the arms have one, else the root mean squared error.
  private var measure: Measure {
    let isClassified = report.arms.contains { $0.repeats.contains { $0.test?.accuracy != nil } }
    return isClassified
      ? Measure(name: "test accuracy", metric: "accuracy", scale: 100, unit: " %") { $0.accuracy }
      : Measure(name: "test RMSE", metric: "rmse", scale: 1, unit: "") { $0.rootMeanSquaredError }
  }

  var charts: [ReportChart] { [loss, gap, accuracy, dots].compactMap { $0?.file } }

  var html: String {
    ReportDocument(
      kind: "comparison", title: report.title, state: nil,
      meta: [report.started, report.data?.name, report.network?.summary, report.machine].compactMap { $0 },
      headline: report.headline, metrics: metrics, parts: parts
    ).html
  }

  private func values(_ arm: ComparisonReport.Arm, _ metrics: (ComparisonReport.Repeat) -> FinalMetrics?) -> [Double] {
    arm.repeats.compactMap { metrics($0).flatMap(measure.value) }
  }

  /// Returns the generalization gap of each repeat: how much better the metric is on training samples than on test
  /// samples.
  private func gaps(_ arm: ComparisonReport.Arm) -> [Double] {
    arm.repeats.compactMap { one in
      guard let train = one.train.flatMap(measure.value), let test = one.test.flatMap(measure.value) else { return nil }
      return measure.unit.isEmpty ? test - train : train - test
    }
  }

  /// Returns the differences between an arm and the first arm, for repeats with the same seed.
  private func differences(_ arm: ComparisonReport.Arm) -> [Double] {
    guard let first = report.arms.first else { return [] }
    return arm.repeats.compactMap { one in
      guard let other = first.repeats.first(where: { $0.seed == one.seed }),
        let a = one.test.flatMap(measure.value), let b = other.test.flatMap(measure.value)
      else { return nil }
      return a - b
    }
  }

  private func shown(_ value: Double, signed: Bool = false) -> String {
    let text = measure.unit.isEmpty ? NumberFormat.significant(value) : NumberFormat.fixed(value * 100, 2)
    return signed && value > 0 ? "+" + text : text
  }

  private var metrics: [ReportDocument.Metric] {
    report.arms.prefix(4).compactMap { arm in
      let statistics = RepeatStatistics(values(arm) { $0.test })
      guard statistics.mean.isFinite else { return nil }
      let count = statistics.count == 1 ? "one run" : "\(statistics.count) runs"
      return .init(
        value: shown(statistics.mean), unit: measure.unit.isEmpty ? "" : "%",
        meaning: "\(measure.name), \(ChartText.fitted(arm.name, to: 300)): mean of \(count)",
        exact: ("mean_test_" + measure.metric, statistics.mean))
    }
  }

  private var parts: [ReportDocument.Part] {
    var parts: [ReportDocument.Part] = []
    if !report.arms.isEmpty {
      parts.append(
        .init(
          id: "result", title: "The result",
          lead: "Each arm against the first, runs with the same seed in pairs; the intervals are those of 95 %.",
          body: [.grid([.card("Arms", [table.markup], isWide: true), .figure(dots, dotCaption, repeatTable)])]))
    }
    let curves = CurveSet.all(report)
    if curves.contains(where: { $0.chart != nil }) {
      parts.append(
        .init(
          id: "learning", title: "How they learned",
          lead: "Lines are means over the repeats, areas reach from the lowest to the highest.",
          body: [.grid(curves.map { .figure($0.chart, $0.caption, $0.table) })]))
    }
    var run = RunReport(title: report.title, history: History())
    run.command = report.command
    run.configuration = report.configuration
    (run.data, run.network, run.machine) = (report.data, report.network, report.machine)
    if let settings = SettingsSection(report: run).content {
      parts.append(.init(id: "run", title: settings.title, lead: settings.lead, body: settings.body))
    }
    return parts
  }

  private var dotCaption: String { "A dot for every seed; the upright lines are the means." }

  private var table: ReportTable {
    let unit = measure.unit.isEmpty ? "" : ", %"
    let rows = report.arms.enumerated().map { index, arm -> (key: [String: String], cells: [ReportTable.Cell]) in
      func spread(_ values: [Double], _ metric: String) -> ReportTable.Cell {
        let statistics = RepeatStatistics(values)
        guard statistics.count > 0 else { return .text("–") }
        let deviation = statistics.standardDeviation.map { " ± \(shown($0))" } ?? ""
        return .number(statistics.mean, shown: shown(statistics.mean) + deviation, metric: metric)
      }
      let difference = RepeatStatistics(index == 0 ? [] : differences(arm))
      let bounds = arm.interval ?? difference.margin.map { (difference.mean - $0)...(difference.mean + $0) }
      let interval = bounds.map {
        " [\(shown($0.lowerBound, signed: true)), \(shown($0.upperBound, signed: true))]"
      }
      return (
        ["arm": arm.name],
        [
          .text(arm.name), .text(arm.difference), .count(arm.repeats.count),
          spread(values(arm) { $0.test }, "mean_test_" + measure.metric),
          spread(values(arm) { $0.train }, "mean_train_" + measure.metric), spread(gaps(arm), "mean_gap"),
          difference.count == 0
            ? .text(index == 0 ? "the first" : "–")
            : .number(
              difference.mean, shown: shown(difference.mean, signed: true) + (interval ?? ""),
              metric: "paired_difference"),
        ]
      )
    }
    return ReportTable(
      [
        "arm", "what differs", "runs", "test\(unit)", "train\(unit)", "gap\(unit.isEmpty ? "" : ", points")",
        "against the first",
      ],
      keyed: rows)
  }

  private var repeatTable: ReportTable {
    ReportTable(
      ["arm", "seed", "test", "train"],
      keyed: report.arms.flatMap { arm in
        arm.repeats.map { one in
          func cell(_ metrics: FinalMetrics?, _ part: String) -> ReportTable.Cell {
            let value = metrics.flatMap(measure.value)
            return .number(
              value, shown: value.flatMap { $0.isFinite ? shown($0) + measure.unit : nil },
              metric: "\(part)_\(measure.metric)")
          }
          return (
            ["arm": arm.name, "seed": String(one.seed)],
            [.text(arm.name), .text(String(one.seed)), cell(one.test, "test"), cell(one.train, "train")]
          )
        }
      })
  }

  private var dots: Chart? {
    DotChart(
      name: "repeats", title: "Every repeat",
      summary: report.arms.map { arm in
        let statistics = RepeatStatistics(values(arm) { $0.test })
        return "\(arm.name): mean \(statistics.mean.isFinite ? shown(statistics.mean) + measure.unit : "not known")"
      }.joined(separator: "; "), xTitle: measure.name, unit: measure.unit,
      rows: report.arms.enumerated().map { index, arm in
        .init(
          name: arm.name, style: index,
          dots: arm.repeats.compactMap { one in
            one.test.flatMap(measure.value).map { ($0 * measure.scale, "seed \(one.seed)") }
          }, mean: RepeatStatistics(values(arm) { $0.test }).mean * measure.scale)
      }
    ).chart()
  }

  private var loss: Chart? { CurveSet.all(report)[0].chart }
  private var accuracy: Chart? { CurveSet.all(report)[1].chart }
  private var gap: Chart? { CurveSet.all(report)[2].chart }
}
