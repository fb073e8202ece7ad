/// The text of a progress line: pure, so that it can be tested without a terminal.
struct ProgressLine {
  let plan: TrainingPlan
  let step: StepRecord
  /// Steps taken by this call of `fit`.
  let stepsDone: Int
  /// Seconds since it began.
  let elapsed: Double
  let lastEpoch: EpochRecord?

  private static let barWidths = 10...30

  /// Share of the call's steps that are taken.
  var share: Double {
    let steps = plan.epochs * plan.stepsPerEpoch
    return steps > 0 ? min(1, Double(stepsDone) / Double(steps)) : 1
  }

  /// Seconds that the rest will take at the speed so far, validation included.
  var secondsLeft: Double { share > 0 ? elapsed / share * (1 - share) : .infinity }

  /// The line in at most `width` characters, and the range of the done part of its bar.
  ///
  /// What does not fit is left out, the least needed first.
  func text(width: Int, unicode: Bool) -> (text: String, done: Range<Int>) {
    let digits = String(plan.lastEpoch).count
    let head = "epoch \(String(step.epoch).leftPadded(to: digits))/\(plan.lastEpoch) "
    let percent = " \(Int(share * 100))%".leftPadded(to: 5)
    var fields: [(text: String, need: Int)] = [("  loss \(NumberFormat.fixed(step.meanLoss, 4))", 5)]
    if let accuracy = step.meanAccuracy { fields.append(("  accuracy \(NumberFormat.percent(accuracy, 1))", 4)) }
    if let validation = lastEpoch?.validationAccuracy {
      fields.append(("  validation \(NumberFormat.percent(validation, 1))", 2))
    }
    let speed = elapsed > 0 ? Double(stepsDone) / Double(plan.stepsPerEpoch) * Double(plan.sampleCount) / elapsed : 0
    fields.append(("  \(NumberFormat.grouped(speed)) samples/s", 1))
    fields.append(("  ETA \(NumberFormat.clock(secondsLeft))", 3))

    let fixedWidth = head.count + percent.count + Self.barWidths.lowerBound
    while fixedWidth + fields.reduce(0, { $0 + $1.text.count }) > width,
      let least = fields.indices.min(by: { fields[$0].need < fields[$1].need })
    {
      fields.remove(at: least)
    }
    let tail = percent + fields.map(\.text).joined()
    let barWidth = min(max(width - head.count - tail.count, Self.barWidths.lowerBound), Self.barWidths.upperBound)
    let done = Int((share * Double(barWidth)).rounded(.down))
    let bar =
      String(repeating: unicode ? "━" : "#", count: done)
      + String(repeating: unicode ? "─" : "-", count: barWidth - done)
    return (head + bar + tail, head.count..<head.count + done)
  }

  /// The line of a finished epoch, as much of it as fits into `width` characters.
  static func text(of epoch: EpochRecord, lastEpoch: Int, width: Int = .max) -> String {
    var fields = ["epoch \(String(epoch.epoch).leftPadded(to: String(lastEpoch).count))/\(lastEpoch)"]
    fields.append("loss \(NumberFormat.fixed(epoch.trainLoss, 4))")
    if let accuracy = epoch.trainAccuracy { fields.append("accuracy \(NumberFormat.percent(accuracy))") }
    if let loss = epoch.validationLoss { fields.append("validation loss \(NumberFormat.fixed(loss, 4))") }
    if let accuracy = epoch.validationAccuracy { fields.append("accuracy \(NumberFormat.percent(accuracy))") }
    fields.append("\(NumberFormat.grouped(epoch.samplesPerSecond)) samples/s")
    fields.append("\(NumberFormat.fixed(epoch.seconds, 2)) s")
    while fields.joined(separator: "  ").count > width, fields.count > 1 { fields.removeLast() }
    return fields.joined(separator: "  ")
  }
}
