import MoultFormats
import MoultTraining

/// The lines of text of the live view, computed from the training state and the capabilities of the terminal.
package struct LiveScreen {
  /// The smallest terminal size with a full view; a smaller terminal shows one short line.
  package static let leastColumns = 20, leastRows = 6
  /// The widths in columns of the small curves (sparklines) beside numbers.
  private static let gapCurve = 24, otherCurve = 16

  let state: LiveState
  let size: (columns: Int, rows: Int)
  let unicode: Bool
  let color: Bool

  package init(state: LiveState, size: (columns: Int, rows: Int), unicode: Bool, color: Bool) {
    (self.state, self.size, self.unicode, self.color) = (state, size, unicode, color)
  }

  /// At most `size.rows` lines of at most `size.columns` columns. They contain escape sequences only with `color`.
  package var lines: [String] {
    styledLines.prefix(max(0, size.rows)).map { $0.truncated(to: max(0, size.columns)).text(color: color) }
  }

  private var styledLines: [StyledLine] {
    guard size.columns >= Self.leastColumns, size.rows >= Self.leastRows else {
      return [StyledLine("\(epochText) \(state.step.map { NumberFormat.fixed($0.meanLoss, 4) } ?? "")")]
    }
    let top = [headline, progressLine]
    // If there is not enough room, the last of these lines are omitted. The plot gets the remaining lines; the help
    // line is always shown.
    var extras = [line(of: .loss), line(of: .accuracy), gapLine, otherLine].compactMap(\.self)
    let isRoomy = size.rows >= 18
    let fixed = top.count + 1 + (isRoomy ? 3 : 0)
    while extras.count > 1, size.rows - fixed - extras.count < CurvePlot.leastHeight + 1 { extras.removeLast() }
    extras = Array(extras.prefix(size.rows - fixed))
    let middle = state.showsHelp ? help : plot(height: size.rows - fixed - extras.count)
    let figureCount = min(extras.count, state.metrics.contains(.accuracy) ? 2 : 1)
    let space = isRoomy ? [StyledLine()] : []
    let above = top + space + extras[..<figureCount] + space
    let below = extras[figureCount...] + [helpLine]
    let room = size.rows - above.count - below.count - space.count
    let filled = middle.prefix(max(0, room)) + Array(repeating: StyledLine(), count: max(0, room - middle.count))
    return above + filled + space + below
  }

  /// Whether labels are abbreviated.
  private var isNarrow: Bool { size.columns < 62 }

  private var epochText: String {
    let last = state.progress.plan.lastEpoch
    let now = state.step?.epoch ?? last - state.progress.plan.epochs + 1
    return "epoch \(String(now).leftPadded(to: String(last).count))/\(last)"
  }

  private var headline: StyledLine {
    let epoch = StyledLine(epochText, .strong)
    var line = StyledLine(" ")
    line.append(state.title.first ?? "", .strong)
    for part in state.title.dropFirst() {
      line.append(unicode ? " · " : " | ", .faint)
      line.append(part)
    }
    // The epoch is always shown; the title is truncated if necessary.
    line = line.truncated(to: max(0, size.columns - epoch.columns - 3))
    line.append(epoch, rightAlignedAt: size.columns - 1)
    return line
  }

  private var progressLine: StyledLine {
    let progress = state.progress
    let percent = " \(Int(progress.share * 100))%".leftPadded(to: 5)
    let fields = FittingFields.fitting(
      [
        ("  ETA \(NumberFormat.clock(progress.secondsLeft))", 3),
        ("  elapsed \(NumberFormat.clock(progress.elapsed))", 1),
        ("  \(NumberFormat.grouped(progress.samplesPerSecond)) samples/s", 2),
      ], into: size.columns - percent.count - 12)
    let tail = percent + fields.map(\.text).joined()
    let bar = progress.bar(width: max(0, size.columns - tail.count - 2), unicode: unicode)
    var line = StyledLine(" ")
    line.append(String(bar.text.prefix(bar.done)), .done)
    line.append(String(bar.text.dropFirst(bar.done)), .faint)
    line.append(tail)
    return line
  }

  /// Returns the line with the training, validation and best value of a metric; `nil` if the metric has no values.
  private func line(of metric: LiveMetric) -> StyledLine? {
    guard state.metrics.contains(metric) else { return nil }
    var line = label(metric.name)
    let trained = metric == .loss ? state.step?.meanLoss : state.step?.meanAccuracy
    line.append(isNarrow ? "train " : "training ", .training)
    line.append((trained.map(metric.text) ?? "-").rightPadded(to: isNarrow ? 0 : 8))
    guard let validated = state.epochs.last.flatMap(metric.validation) else { return line }
    var part = StyledLine(isNarrow ? " valid " : "  validation ", .validation)
    part.append(metric.text(validated).rightPadded(to: isNarrow ? 0 : 8))
    guard line.columns + part.columns <= size.columns else { return line }
    line.append(part)
    let values = state.epochs.compactMap { epoch in metric.validation(epoch).map { (epoch: epoch.epoch, value: $0) } }
    let order = { (a: Double, b: Double) in metric.isBetterLower ? a < b : a > b }
    guard let best = values.min(by: { order($0.value, $1.value) }) else { return line }
    let text = "  best \(metric.text(best.value)) after epoch \(best.epoch)"
    if line.columns + text.count <= size.columns { line.append(text, .faint) }
    return line
  }

  private func label(_ name: String) -> StyledLine {
    StyledLine(" " + (isNarrow ? name + " " : name.rightPadded(to: 10)), .strong)
  }

  private var gapLine: StyledLine? {
    guard let gap = state.epochs.last?.lossGap else { return nil }
    var line = label("gap")
    line.append(NumberFormat.signed(gap, 4))
    appendCurve(state.epochs.compactMap(\.lossGap), Self.gapCurve, to: &line)
    let text = "  validation loss - training loss, both without dropout"
    if line.columns + text.count <= size.columns { line.append(text, .faint) }
    return line
  }

  private func appendCurve(_ values: [Double], _ width: Int, to line: inout StyledLine) {
    guard unicode else { return }
    let curve = Sparkline.text(values, width: width)
    if !curve.isEmpty, line.columns + 1 + curve.count <= size.columns { line.append(" " + curve, .training) }
  }

  /// The metrics that are not plotted, as many as fit into one line; `nil` if there are none.
  private var otherLine: StyledLine? {
    var line = StyledLine()
    for metric in state.metrics where metric != state.metric && metric != .gap {
      let values = metric.training(state.epochs)
      guard let last = values.last else { continue }
      var part = line.columns == 0 ? label(metric.name) : StyledLine("   " + metric.name + " ", .strong)
      if line.columns == 0, !isNarrow, metric.name.count >= 10 { part.append(" ") }
      part.append(metric.text(last))
      appendCurve(values, Self.otherCurve, to: &part)
      if line.columns + part.columns <= size.columns { line.append(part) }
    }
    return line.columns > 0 ? line : nil
  }

  private func plot(height: Int) -> [StyledLine] {
    let curves = state.metric.curves(bins: state.bins.bins, epochs: state.epochs)
    let plot = CurvePlot(curves: curves, isLogarithmic: state.isLogarithmic, xName: "epoch")
    let lines = plot.lines(width: size.columns - 2, height: height - 1, unicode: unicode)
    if lines.isEmpty { return [] }
    var title = StyledLine(" ")
    title.append(state.metric.plotTitle, .strong)
    if state.isLogarithmic {
      title.append(plot.canBeLogarithmic ? "  log axis" : "  no log axis: values not above 0", .faint)
    }
    var legend = StyledLine()
    for (index, curve) in curves.enumerated() where curves.count > 1 {
      let sign = unicode ? "━━" : index == 0 ? "**" : "oo"
      legend.append((index > 0 ? "  " : "") + sign, curve.style)
      legend.append(curve.style == .training ? " training" : " validation")
    }
    title.append(legend, rightAlignedAt: size.columns - 1)
    return [title]
      + lines.map { line in
        var indented = StyledLine(" ")
        indented.append(line)
        return indented
      }
  }

  private var helpLine: StyledLine {
    if state.isStopping {
      return StyledLine(" stopping after this epoch; the model will be saved", .warning)
    }
    var line = StyledLine()
    for (key, text, short) in [
      ("q", "stop after this epoch", "stop"), ("m", "next metric", "metric"), ("l", "log axis", "log"),
      ("?", "help", "help"),
    ] {
      let text = isNarrow ? short : text
      guard line.columns + key.count + text.count + 4 <= size.columns else { continue }
      line.append(line.columns == 0 ? " " : isNarrow ? "  " : "   ")
      line.append(key, .strong)
      line.append(" " + text, .faint)
    }
    return line
  }

  private var help: [StyledLine] {
    var lines = [
      ("q", "stop after this epoch, and save"), ("Ctrl-C", "stop after this step, and save"),
      ("m", "plot the next metric"), ("l", "logarithmic axis, or linear again"), ("?", "this help, and back"),
    ].map { key, text in
      var line = StyledLine(" " + key.rightPadded(to: 8), .strong)
      line.append(text)
      return line
    }
    lines += [
      "", " training: as trained, with dropout on and weights that move.",
      " validation: after each epoch, with dropout off.",
      " gap: validation loss - training loss, both after the epoch with dropout off.",
      " It grows when the network learns its training data by heart.",
    ].map { StyledLine($0) }
    return lines
  }
}
