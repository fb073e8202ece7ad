import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct LiveViewTests {
  /// A terminal that remembers what it was sent.
  private final class Screen: LiveTerminal {
    var size = (columns: 80, rows: 24)
    var writes: [String] = []
    var keys: [UInt8] = []
    var next: TakenScreen?
    private(set) var givenBack = 0
    private var isTaken = false

    func take() -> TakenScreen {
      defer { (next, isTaken) = (nil, true) }
      return next ?? (isTaken ? .kept : .empty)
    }

    func giveBack() { (givenBack, isTaken) = (givenBack + 1, false) }

    func readKeys() -> [UInt8] {
      defer { keys = [] }
      return keys
    }

    func write(_ text: String) { writes.append(text) }
  }

  /// Cannot write what it wants to write when training has ended.
  private final class FailsAtTheEnd: Callback {
    private let look: () -> Int
    /// What it saw at the end.
    private(set) var seen = -1

    init(look: @escaping () -> Int) { self.look = look }

    func onTrainEnd(_ history: History) throws(MoultError) {
      seen = look()
      throw MoultError(.cannotWrite, "planned")
    }
  }

  private let screen = Screen()

  /// Plays a run of 12 steps in 3 epochs to a view whose clock goes on by `tick` before each step.
  @discardableResult
  private func play(tick: Double, before: (Int) -> Void = { _ in }) throws -> LiveView {
    let recorder = try LiveFixture().recorder
    var time = 50.0
    let view = LiveView(title: ["points"], unicode: true, terminal: screen, now: { time })
    view.onTrainBegin(recorder.plans[0])
    for step in recorder.steps {
      before(step.step)
      time += tick
      view.onStepEnd(step)
      for epoch in recorder.epochs where epoch.steps == step.step { view.onEpochEnd(epoch) }
      if view.stopReason != nil {
        var history = recorder.ends[0]
        history.epochs.removeLast(history.epochs.count - step.epoch)
        history.stopReason = view.stopReason
        view.onTrainEnd(history)
        return view
      }
    }
    view.onTrainEnd(recorder.ends[0])
    return view
  }

  @Test func itIsRedrawnAtMostTenTimesASecond() throws {
    // One frame at the start, then after 0.12, 0.24 and 0.36 s, and the last line.
    try play(tick: 0.03)
    expectEqual(screen.writes.count, 5)
  }

  @Test func theFirstFrameClearsAndLaterOnesSendOnlyLinesThatChanged() throws {
    try play(tick: 1)
    expectTrue(screen.writes[0].hasPrefix("\u{1B}[2J\u{1B}[1;1H\u{1B}[2K"))
    expectTrue(screen.writes[1...].allSatisfy { !$0.contains("\u{1B}[2J") })
    expectTrue(!screen.writes[1].contains("\u{1B}[24;1H"), "the help line is what it was")
    expectTrue(screen.writes[1].contains("\u{1B}[2;1H"), "the bar is not")
  }

  @Test func anotherSizeAndAScreenThatWasAwayAreDrawnAnew() throws {
    try play(tick: 1) { step in
      if step == 3 { screen.size = (40, 10) }
      if step == 5 { screen.next = .empty }
      if step == 6 { screen.next = .no }
    }
    expectEqual(screen.writes.indices.filter { screen.writes[$0].contains("\u{1B}[2J") }, [0, 3, 5])
    expectTrue(!screen.writes[3].contains("\u{1B}[11;1H"))
    expectEqual(screen.writes.count, 13, "a frame each for the start and 11 of 12 steps, and the last line")
  }

  @Test func qEndsTrainingAfterTheEpochAndIsAnnounced() throws {
    let view = try play(tick: 1) { step in if step == 6 { screen.keys = Array("q".utf8) } }
    expectEqual(view.stopReason, "the key q was pressed in epoch 2")
    expectTrue(screen.writes.contains { $0.contains("stopping after this epoch") })
    expectEqual(screen.writes.last, "stopped with q after epoch 2 of 3\n")
  }

  @Test func aKeyThatComesAfterTheLastFrameOfAnEpochCounts() throws {
    let view = try play(tick: 0.001) { step in if step == 4 { screen.keys = Array("q".utf8) } }
    expectEqual(view.stopReason, "the key q was pressed in epoch 1")
  }

  @Test func theNamesOfArrowKeysAreNoKeys() throws {
    let view = try play(tick: 1) { step in if step == 2 { screen.keys = Array("m\u{1B}Oq".utf8) } }
    expectNil(view.stopReason)
    expectTrue(screen.writes.contains { $0.contains("accuracy, %") })
  }

  @Test(arguments: [true, false])
  func theScreenIsGivenBackBeforeLaterCallbacksAndAlsoAfterOneThatFails(isFirst: Bool) throws {
    let screen = screen
    let view = LiveView(title: ["points"], unicode: true, terminal: screen, now: { 0 })
    let failing = FailsAtTheEnd { screen.givenBack }
    let trainer = TrainingFixture.trainer(
      TrainingFixture.model(), callbacks: isFirst ? [view, failing] : [failing, view])
    #expect(throws: MoultError.self) { try trainer.fit(TrainingFixture.points(20), epochs: 1, batchSize: 10) }
    expectEqual(screen.givenBack, 1)
    expectEqual(failing.seen, isFirst ? 1 : 0)
  }

  @Test func theEndGivesTheScreenBackAndLeavesTheLastEpoch() throws {
    let view = try play(tick: 1)
    expectEqual(screen.givenBack, 1)
    expectNil(view.stopReason)
    try expectTrue(unwrapped(screen.writes.last).hasPrefix("epoch 3/3  loss "))
    try expectTrue(unwrapped(screen.writes.last).hasSuffix("\n"))
    try expectAtMost(unwrapped(screen.writes.last).count, 80)
  }
}
