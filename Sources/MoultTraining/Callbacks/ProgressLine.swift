import MoultFormats

/// The text of a progress line. It is a pure value, so it can be tested without a terminal.
package struct ProgressLine {
  let progress: TrainingProgress
  let step: StepRecord
  /// The epochs that are finished.
  let epochs: [EpochRecord]

  private static let barWidths = 10...30
  /// The maximum numbers of characters of the curves of the loss and of the loss gap.
  private static let lossCurve = 12, gapCurve = 8

  /// Returns the line, and the range of characters of the completed part of its bar.
  ///
  /// Fields that do not fit into `width` characters are left out, the least important first. The epoch, the percentage
  /// and a bar of minimum length always stay, so the line can be longer than `width`. Without Unicode no curves are
  /// shown.
  func text(width: Int, unicode: Bool) -> (text: String, done: Range<Int>) {
    let plan = progress.plan
    let digits = String(plan.lastEpoch).count
    let head = "epoch \(String(step.epoch).leftPadded(to: digits))/\(plan.lastEpoch) "
    let percent = " \(Int(progress.share * 100))%".leftPadded(to: 5)
    let tail =
      percent
      + FittingFields.fitting(
        fields(unicode: unicode), into: width - head.count - percent.count - Self.barWidths.lowerBound
      ).map(\.text).joined()
    let barWidth = min(max(width - head.count - tail.count, Self.barWidths.lowerBound), Self.barWidths.upperBound)
    let bar = progress.bar(width: barWidth, unicode: unicode)
    return (head + bar.text + tail, head.count..<head.count + bar.done)
  }

  private func fields(unicode: Bool) -> [FittingFields.Field] {
    func curve(_ values: [Double], _ width: Int) -> String {
      let curve = unicode ? Sparkline.text(values, width: width) : ""
      return curve.isEmpty ? "" : " " + curve
    }
    var fields: [FittingFields.Field] = [("  loss \(NumberFormat.fixed(step.meanLoss, 4))", 8)]
    fields.append((curve(epochs.map(\.trainLoss), Self.lossCurve), 3))
    if let accuracy = step.meanAccuracy { fields.append(("  accuracy \(NumberFormat.percent(accuracy, 1))", 7)) }
    if let validation = epochs.last?.validationAccuracy {
      fields.append(("  validation \(NumberFormat.percent(validation, 1))", 5))
    }
    fields += Self.metrics(epochs.last).map { ("  \($0)", 4) }
    if let gap = epochs.last?.lossGap {
      fields.append(("  gap \(NumberFormat.signed(gap, 4))", 4))
      fields.append((curve(epochs.compactMap(\.lossGap), Self.gapCurve), 1))
    }
    fields.append(("  \(NumberFormat.grouped(progress.samplesPerSecond)) samples/s", 2))
    fields.append(("  ETA \(NumberFormat.clock(progress.secondsLeft))", 6))
    return fields
  }

  private static func metrics(_ epoch: EpochRecord?) -> [String] {
    (epoch?.validationMetrics ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) \(NumberFormat.fixed($0.value, 4))" }
  }

  /// Returns the line of a finished epoch. Fields at the end that do not fit into `width` characters are left out.
  package static func text(of epoch: EpochRecord, lastEpoch: Int, width: Int = .max) -> String {
    var fields = ["epoch \(String(epoch.epoch).leftPadded(to: String(lastEpoch).count))/\(lastEpoch)"]
    fields.append("loss \(NumberFormat.fixed(epoch.trainLoss, 4))")
    if let accuracy = epoch.trainAccuracy { fields.append("accuracy \(NumberFormat.percent(accuracy))") }
    if let loss = epoch.validationLoss { fields.append("validation loss \(NumberFormat.fixed(loss, 4))") }
    if let accuracy = epoch.validationAccuracy { fields.append("accuracy \(NumberFormat.percent(accuracy))") }
    fields += metrics(epoch)
    fields.append("\(NumberFormat.grouped(epoch.samplesPerSecond)) samples/s")
    fields.append("\(NumberFormat.fixed(epoch.seconds, 2)) s")
    while fields.joined(separator: "  ").count > width, fields.count > 1 { fields.removeLast() }
    return fields.joined(separator: "  ")
  }
}
