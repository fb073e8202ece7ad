import MoultCore
import MoultTraining

/// A callback that shows training on the full screen of the terminal at standard error: metrics, curves, and keys to
/// stop or to change the plot. When training ends in any way, the terminal is restored.
///
///     let view = LiveView(title: ["digits", "784-256-256-10"])
///     let trainer = Trainer(
///       model, optimizer: optimizer, loss: crossEntropy, seed: 1, callbacks: [view ?? ProgressBar()],
///       stopSignal: Interrupt.install())
///
/// The screen is redrawn at most ten times a second, between steps; during a long step or validation it does not
/// change. Other output to the terminal disturbs the screen. After a crash (`fatalError`) the terminal is restored too,
/// but the error message is lost.
public final class LiveView: Callback {
  private let title: [String]
  private let unicode: Bool
  private let terminal: any LiveTerminal
  private let now: () -> Double
  private var state: LiveState?
  private var start = 0.0
  private var lastStep = 0.0
  private var lastDraw = -Double.infinity
  /// The lines that are on the screen.
  private var shown: [String] = []
  private var shownSize = (columns: 0, rows: 0)
  /// The reason to stop training: the key `q` was pressed; `nil` otherwise.
  public private(set) var stopReason: String?

  /// Creates a view on standard error. Returns `nil` if standard error is not a terminal that can be drawn on: it is a
  /// file or pipe, `NO_COLOR` is set, `TERM` is `dumb`, or the program runs in the background.
  ///
  /// - Parameters:
  ///   - title: The texts of the first line, such as the data and the network.
  ///   - noColor: Whether escape sequences are forbidden; if true, the result is `nil`.
  public convenience init?(title: [String], noColor: Bool = false) {
    let descriptor = StandardStream.error.fileDescriptor
    let facts = Terminal.detect(fileDescriptor: descriptor, noColor: noColor)
    guard facts.usesEscapes, let session = TerminalSession(descriptor: descriptor) else { return nil }
    let clock = ContinuousClock()
    let origin = clock.now
    self.init(
      title: title, unicode: facts.usesUnicode, terminal: session, now: { (clock.now - origin) / .seconds(1) })
  }

  package init(title: [String], unicode: Bool, terminal: any LiveTerminal, now: @escaping () -> Double) {
    self.title = title
    self.unicode = unicode
    self.terminal = terminal
    self.now = now
  }

  /// Switches to the full screen.
  public func onTrainBegin(_ plan: TrainingPlan) {
    state = LiveState(title: title, plan: plan)
    stopReason = nil
    (start, shown) = (now(), [])
    lastStep = start
    draw(at: start)
  }

  /// Redraws the screen and reads keys if a tenth of a second has passed since the last time.
  public func onStepEnd(_ step: StepRecord) {
    let time = now()
    state?.add(step, seconds: time - lastStep, elapsed: time - start)
    lastStep = time
    if time - lastDraw >= ProgressBar.interval { draw(at: time) }
  }

  /// Records the epoch. Keys that were pressed before its end take effect.
  public func onEpochEnd(_ epoch: EpochRecord) {
    state?.epochs.append(epoch)
    pressKeys()
    if state?.isStopping == true { stopReason = "the key q was pressed in epoch \(epoch.epoch)" }
    lastStep = now()
  }

  /// Restores the terminal and prints the line of the last epoch.
  public func onTrainEnd(_ history: History) {
    terminal.giveBack()
    guard let state else { return }
    let lastEpoch = state.progress.plan.lastEpoch
    if let epoch = history.last {
      terminal.write(ProgressLine.text(of: epoch, lastEpoch: lastEpoch, width: terminal.size.columns - 1) + "\n")
    }
    if let epoch = history.last?.epoch, stopReason != nil, history.stopReason == stopReason {
      terminal.write("stopped with q after epoch \(epoch) of \(lastEpoch)\n")
    }
    self.state = nil
  }

  private func pressKeys() {
    // Bytes after an escape belong to an arrow or function key, which the view does not use.
    for key in terminal.readKeys().prefix(while: { $0 != 0x1B }) {
      state?.press(Character(Unicode.Scalar(key)))
    }
  }

  private func draw(at time: Double) {
    lastDraw = time
    let taken = terminal.take()
    guard taken != .no else { return }
    pressKeys()
    guard let state else { return }
    let size = terminal.size
    let lines = LiveScreen(state: state, size: size, unicode: unicode, color: true).lines
    if taken == .empty || size != shownSize { (shown, shownSize) = ([], size) }
    // Each frame is one write of the changed lines only, to avoid flicker. If the screen's content is unknown, it is
    // cleared first.
    var frame = shown.isEmpty ? "\u{1B}[2J" : ""
    for row in 0..<max(lines.count, shown.count) {
      let line = row < lines.count ? lines[row] : ""
      if row < shown.count, shown[row] == line { continue }
      frame += "\u{1B}[\(row + 1);1H\u{1B}[2K\(line)"
    }
    if !frame.isEmpty { terminal.write(frame) }
    shown = lines
  }
}
