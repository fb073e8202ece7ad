import MoultCore
import MoultFormats

/// Shows on standard error how training goes: on a terminal one line that is redrawn at most ten times a second,
/// elsewhere one line per epoch.
///
/// No escape sequence is sent to anything but a terminal, nor when `NO_COLOR` is set or `TERM` is `dumb`.
public final class ProgressBar: Callback {
  /// Seconds between two redraws.
  package static let interval = 0.1

  private let terminal: Terminal
  /// The columns of the terminal, read before each redraw, as a window may have become narrower.
  private let columns: () -> Int
  private let write: (String) -> Void
  private let now: () -> Double
  private var progress: TrainingProgress?
  private var start = 0.0
  private var lastDraw = -Double.infinity
  private var lastLength = 0
  private var epochs: [EpochRecord] = []
  /// The last epoch that has a line of its own.
  private var writtenEpoch = 0

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

  /// A bar on a terminal that is asked for again before each redraw, for its width.
  package init(
    terminal: @escaping @autoclosure () -> Terminal, write: @escaping (String) -> Void, now: @escaping () -> Double
  ) {
    self.terminal = terminal()
    columns = { terminal().width }
    self.write = write
    self.now = now
  }

  /// Starts the clock.
  public func onTrainBegin(_ plan: TrainingPlan) {
    progress = TrainingProgress(plan: plan)
    start = now()
    epochs = []
  }

  /// Redraws the line, if it is a terminal's and a tenth of a second has passed.
  public func onStepEnd(_ step: StepRecord) {
    guard terminal.isAnimated else { return }
    progress?.stepsDone += 1
    let time = now()
    guard time - lastDraw >= Self.interval else { return }
    lastDraw = time
    progress?.elapsed = time - start
    guard let progress else { return }
    let width = columns() - 1
    let line = ProgressLine(progress: progress, step: step, epochs: epochs)
    let (text, bar) = line.text(width: width, unicode: terminal.usesUnicode)
    redraw(text, color: bar, width: width)
  }

  /// The most lines of a long training where nothing can be redrawn, besides the first and the last epoch's.
  static let plainLines = 50

  /// Writes the epoch's line where nothing can be redrawn; of many epochs every second, third, ... one.
  public func onEpochEnd(_ epoch: EpochRecord) {
    epochs.append(epoch)
    guard !terminal.isAnimated, let plan = progress?.plan else { return }
    let every = (plan.lastEpoch - 1) / Self.plainLines + 1
    if epoch.epoch == 1 || epoch.epoch.isMultiple(of: every) { writeLine(epoch, plan) }
  }

  private func writeLine(_ epoch: EpochRecord, _ plan: TrainingPlan) {
    write(ProgressLine.text(of: epoch, lastEpoch: plan.lastEpoch) + "\n")
    writtenEpoch = epoch.epoch
  }

  /// Leaves the last epoch's result on the terminal and ends the line.
  public func onTrainEnd(_ history: History) {
    guard let plan = progress?.plan else { return }
    guard terminal.isAnimated else {
      if let epoch = history.last, epoch.epoch != writtenEpoch { writeLine(epoch, plan) }
      return
    }
    if let epoch = history.last {
      let width = columns() - 1
      redraw(ProgressLine.text(of: epoch, lastEpoch: plan.lastEpoch, width: width), color: nil, width: width)
    }
    if lastLength > 0 { write("\n") }
    lastLength = 0
  }

  /// Replaces the line. Without escapes the rest of a longer previous line is overwritten with spaces.
  private func redraw(_ text: String, color bar: Range<Int>?, width: Int) {
    let shown = String(text.prefix(max(0, width)))
    if terminal.usesEscapes {
      write("\r\u{1B}[2K" + (bar.map { Self.colored(shown, $0) } ?? shown))
    } else {
      write("\r" + shown.rightPadded(to: min(lastLength, width)))
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
