import MoultFormats
import MoultTraining

/// The curves of one metric over the epochs for all arms: the mean of the repeats as a line, their range as an area.
struct CurveSet {
  let chart: Chart?
  let caption: String
  let table: ReportTable

  /// Creates the curves of validation loss, validation accuracy and generalization gap.
  static func all(_ report: ComparisonReport) -> [CurveSet] {
    [
      CurveSet(
        report, name: "loss", title: "Validation loss", unit: "", metric: "validation_loss", caption: ""
      ) {
        $0.validationLoss
      },
      CurveSet(
        report, name: "accuracy", title: "Validation accuracy", unit: " %", metric: "validation_accuracy", caption: ""
      ) { $0.validationAccuracy.map { $0 * 100 } },
      CurveSet(
        report, name: "gap", title: "Generalization gap", unit: "", metric: "gap",
        caption: "Validation loss minus the loss of training samples, both without dropout."
      ) { $0.lossGap },
    ]
  }

  private init(
    _ report: ComparisonReport, name: String, title: String, unit: String, metric: String, caption: String,
    value: (EpochRecord) -> Double?
  ) {
    var lines: [LineChart.Line] = [], bands: [LineChart.Band] = []
    var rows: [(key: [String: String], cells: [ReportTable.Cell])] = []
    for (style, arm) in report.arms.enumerated() {
      var byEpoch: [Int: [Double]] = [:]
      for record in arm.repeats.flatMap(\.history.epochs) {
        if let value = value(record), value.isFinite { byEpoch[record.epoch, default: []].append(value) }
      }
      let epochs = byEpoch.keys.sorted()
      var line = LineChart.Line(name: arm.name, style: style, points: [])
      var band = LineChart.Band(name: "", style: style, places: [])
      for epoch in epochs {
        let found = byEpoch[epoch] ?? []
        let mean = RepeatStatistics(found).mean
        line.points.append(.init(x: Double(epoch), y: mean))
        band.places.append((Double(epoch), found.min() ?? .nan, found.max() ?? .nan))
        rows.append(
          (
            ["arm": arm.name, "epoch": String(epoch)],
            [
              .text(arm.name), .count(epoch), .number(mean, metric: "mean_" + metric), .number(found.min()),
              .number(found.max()), .count(found.count),
            ]
          ))
      }
      lines.append(line)
      if arm.repeats.count > 1 { bands.append(band) }
    }
    let drawn = lines.filter { !$0.points.isEmpty }
    chart = LineChart(
      name: name, title: title,
      summary: drawn.map { line in
        "\(line.name): \(line.points.last.map { NumberFormat.significant($0.y) } ?? "")\(unit) after the last epoch."
      }.joined(separator: " "), xTitle: "epoch", yTitle: title.lowercased(), yUnit: unit,
      yLimits: unit.isEmpty ? nil : 0...100, mayBeLogarithmic: unit.isEmpty, lines: drawn, bands: bands
    ).chart()
    self.caption = caption
    table = ReportTable(["arm", "epoch", "mean\(unit.isEmpty ? "" : ", %")", "lowest", "highest", "runs"], keyed: rows)
  }
}
