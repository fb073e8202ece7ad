import MoultCore
import MoultTraining

/// A full screen on standard error's terminal while training goes: figures, curves, and keys to stop or to look at
/// something else. The terminal is left as it was found, however training ends.
///
///     let view = LiveView(title: ["digits", "784-256-256-10"])
///     let trainer = Trainer(
///       model, optimizer: optimizer, loss: crossEntropy, seed: 1, callbacks: [view ?? ProgressBar()],
///       stopSignal: Interrupt.install())
///
/// It is redrawn at most ten times a second, between steps: during a long step or validation it stands still. Nothing
/// else should write to the terminal meanwhile. After a crash (`fatalError`) the terminal is restored too, but what
/// the program said was on the screen that is gone.
public final class LiveView: Callback {
  private let title: [String]
  private let unicode: Bool
  private let terminal: any LiveTerminal
  private let now: () -> Double
  private var state: LiveState?
  private var start = 0.0
  private var lastStep = 0.0
  private var lastDraw = -Double.infinity
  /// The lines on the screen, and its size.
  private var shown: [String] = []
  private var shownSize = (columns: 0, rows: 0)
  /// Why training is to end: the key `q` was pressed.
  public private(set) var stopReason: String?

  /// A view on standard error, or `nil` when that is no terminal that may be drawn on: it is a file or pipe, `NO_COLOR`
  /// is set, `TERM` is `dumb`, or the program runs in the background.
  ///
  /// - Parameters:
  ///   - title: the data and the network, for the first line.
  ///   - noColor: send no escape sequences, whatever the terminal: there is no view then.
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

  /// Takes the screen.
  public func onTrainBegin(_ plan: TrainingPlan) {
    state = LiveState(title: title, plan: plan)
    stopReason = nil
    (start, shown) = (now(), [])
    lastStep = start
    draw(at: start)
  }

  /// Redraws the screen and looks for keys, if a tenth of a second has passed.
  public func onStepEnd(_ step: StepRecord) {
    let time = now()
    state?.add(step, seconds: time - lastStep, elapsed: time - start)
    lastStep = time
    if time - lastDraw >= ProgressBar.interval { draw(at: time) }
  }

  /// Remembers the epoch. Keys count until its very end.
  public func onEpochEnd(_ epoch: EpochRecord) {
    state?.epochs.append(epoch)
    pressKeys()
    if state?.isStopping == true { stopReason = "the key q was pressed in epoch \(epoch.epoch)" }
    lastStep = now()
  }

  /// Gives the screen back and leaves the last epoch's line.
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
    // The bytes behind an escape name an arrow or function key, which the view does not use.
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
    // One write per frame, of the lines that have changed: no flicker. All is cleared first where nothing is known.
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
