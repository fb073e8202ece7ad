import MoultCore

/// Shows on standard error how training goes: on a terminal one line that is redrawn at most ten times a second,
/// elsewhere one line per epoch.
///
/// No escape sequence is sent to anything but a terminal, nor when `NO_COLOR` is set or `TERM` is `dumb`.
public final class ProgressBar: Callback {
  /// Seconds between two redraws.
  static let interval = 0.1

  private let terminal: Terminal
  private let write: (String) -> Void
  private let now: () -> Double
  private var plan: TrainingPlan?
  private var start = 0.0
  private var firstStep: Int?
  private var lastDraw = -Double.infinity
  private var lastLength = 0
  private var lastEpoch: EpochRecord?

  /// A bar on standard error.
  ///
  /// - Parameter noColor: send no escape sequences, whatever the terminal.
  public convenience init(noColor: Bool = false) {
    let clock = ContinuousClock()
    let origin = clock.now
    self.init(
      terminal: .detect(fileDescriptor: StandardStream.error.fileDescriptor, noColor: noColor),
      write: { StandardStream.error.write($0) },
      now: { (clock.now - origin) / .seconds(1) })
  }

  package init(terminal: Terminal, write: @escaping (String) -> Void, now: @escaping () -> Double) {
    self.terminal = terminal
    self.write = write
    self.now = now
  }

  /// Starts the clock.
  public func onTrainBegin(_ plan: TrainingPlan) {
    self.plan = plan
    start = now()
    firstStep = nil
    lastEpoch = nil
  }

  /// Redraws the line, if it is a terminal's and a tenth of a second has passed.
  public func onStepEnd(_ step: StepRecord) {
    guard terminal.isAnimated, let plan else { return }
    let first = firstStep ?? step.step
    firstStep = first
    let time = now()
    guard time - lastDraw >= Self.interval else { return }
    lastDraw = time
    draw(
      ProgressLine(
        plan: plan, step: step, stepsDone: step.step - first + 1, elapsed: time - start, lastEpoch: lastEpoch))
  }

  /// Writes the epoch's line where nothing can be redrawn.
  public func onEpochEnd(_ epoch: EpochRecord) {
    lastEpoch = epoch
    if !terminal.isAnimated, let plan { write(ProgressLine.text(of: epoch, lastEpoch: plan.lastEpoch) + "\n") }
  }

  /// Leaves the last epoch's result on the terminal and ends the line.
  public func onTrainEnd(_ history: History) {
    guard terminal.isAnimated, let plan else { return }
    if let epoch = history.last {
      redraw(ProgressLine.text(of: epoch, lastEpoch: plan.lastEpoch, width: terminal.width - 1), color: nil)
    }
    if lastLength > 0 { write("\n") }
    lastLength = 0
  }

  private func draw(_ line: ProgressLine) {
    let (text, bar) = line.text(width: terminal.width - 1, unicode: terminal.usesUnicode)
    redraw(text, color: bar)
  }

  /// Replaces the line. Without escapes the rest of a longer previous line is overwritten with spaces.
  private func redraw(_ text: String, color bar: Range<Int>?) {
    let shown = String(text.prefix(terminal.width - 1))
    if terminal.usesEscapes {
      write("\r\u{1B}[2K" + (bar.map { Self.colored(shown, $0) } ?? shown))
    } else {
      write("\r" + shown.rightPadded(to: lastLength))
    }
    lastLength = shown.count
  }

  /// Green for the part of the bar that is done.
  private static func colored(_ text: String, _ range: Range<Int>) -> String {
    let characters = Array(text)
    let range = range.clamped(to: 0..<characters.count)
    if range.isEmpty { return text }
    return String(characters[..<range.lowerBound]) + "\u{1B}[32m" + String(characters[range]) + "\u{1B}[0m"
      + String(characters[range.upperBound...])
  }
}
