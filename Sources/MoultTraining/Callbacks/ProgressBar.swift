import MoultCore
import MoultFormats

/// Shows the progress of training on standard error: on a terminal as one line that is redrawn at most ten times per
/// second, otherwise as one line per epoch.
///
/// Escape sequences are sent only to a terminal, and not if `NO_COLOR` is set or `TERM` is `dumb`.
public final class ProgressBar: Callback {
  /// The minimum number of seconds between two redraws.
  package static let interval = 0.1

  private let terminal: Terminal
  /// Returns the number of columns of the terminal. It is called before each redraw, since the window may have been
  /// resized.
  private let columns: () -> Int
  private let write: (String) -> Void
  private let now: () -> Double
  private var progress: TrainingProgress?
  private var start = 0.0
  private var lastDraw = -Double.infinity
  private var lastLength = 0
  private var epochs: [EpochRecord] = []
  /// The last epoch whose line was written, counted from 1; 0 before the first.
  private var writtenEpoch = 0

  /// Makes a progress bar on standard error.
  ///
  /// - Parameter noColor: Whether to send no escape sequences, even to a terminal.
  public convenience init(noColor: Bool = false) {
    let clock = ContinuousClock()
    let origin = clock.now
    self.init(
      terminal: .detect(fileDescriptor: StandardStream.error.fileDescriptor, noColor: noColor),
      write: { StandardStream.error.write($0) },
      now: { (clock.now - origin) / .seconds(1) })
  }

  /// Makes a progress bar. `terminal` is evaluated again before each redraw, to get the current width.
  ///
  /// - Parameters:
  ///   - terminal: The terminal.
  ///   - write: Writes a text to the terminal.
  ///   - now: Returns the time in seconds.
  package init(
    terminal: @escaping @autoclosure () -> Terminal, write: @escaping (String) -> Void, now: @escaping () -> Double
  ) {
    self.terminal = terminal()
    columns = { terminal().width }
    self.write = write
    self.now = now
  }

  /// Starts measuring the time.
  public func onTrainBegin(_ plan: TrainingPlan) {
    progress = TrainingProgress(plan: plan)
    start = now()
    epochs = []
  }

  /// Redraws the line on a terminal, if at least a tenth of a second has passed since the last redraw.
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

  /// The maximum number of lines that are written where lines cannot be redrawn, not counting the first and the last
  /// epoch.
  static let plainLines = 50

  /// Writes the line of the epoch where lines cannot be redrawn; if there are many epochs, only the line of every
  /// second, every third epoch and so on.
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

  /// Shows the result of the last epoch and ends the line.
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

  /// Replaces the line. If escape sequences are not allowed, spaces overwrite the end of a longer previous line.
  private func redraw(_ text: String, color bar: Range<Int>?, width: Int) {
    let shown = String(text.prefix(max(0, width)))
    if terminal.usesEscapes {
      write("\r\u{1B}[2K" + (bar.map { Self.colored(shown, $0) } ?? shown))
    } else {
      write("\r" + shown.rightPadded(to: min(lastLength, width)))
    }
    lastLength = shown.count
  }

  /// Returns the text with the characters of `range`, the completed part of the bar, in green.
  private static func colored(_ text: String, _ range: Range<Int>) -> String {
    let characters = Array(text)
    let range = range.clamped(to: 0..<characters.count)
    if range.isEmpty { return text }
    return String(characters[..<range.lowerBound]) + "\u{1B}[32m" + String(characters[range]) + "\u{1B}[0m"
      + String(characters[range.upperBound...])
  }
}
