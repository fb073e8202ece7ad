import Moult
import MoultTestSupport
import Testing

@Suite struct ProgressBarTests {
  /// What a real training run tells its callbacks: 3 epochs of 4 steps.
  private struct Tape {
    let recorder = Recorder()

    init() throws {
      let data = TrainingFixture.points(40)
      let (model, shown) = (TrainingFixture.model(), recorder)
      try Trainer(
        model, optimizer: SGD(model.parameters(), learningRate: 0.1, momentum: 0.9), loss: crossEntropy, seed: 3,
        callbacks: [shown], evaluatedTraining: TrainingFixture.points(40, seed: 2)
      ).fit(data, validation: data, epochs: 3, batchSize: 10)
    }

    /// Plays the run to a bar whose clock goes on by `tick` before each step.
    func play(on terminal: Terminal, tick: Double, until lastStep: Int = 12) -> [String] {
      var time = 100.0
      var writes: [String] = []
      let bar = ProgressBar(terminal: terminal, write: { writes.append($0) }, now: { time })
      for plan in recorder.plans { bar.onTrainBegin(plan) }
      for step in recorder.steps.prefix(lastStep) {
        time += tick
        bar.onStepEnd(step)
        for epoch in recorder.epochs where epoch.steps == step.step { bar.onEpochEnd(epoch) }
      }
      for end in recorder.ends { bar.onTrainEnd(end) }
      return writes
    }
  }

  private static let escapes = Terminal(isAnimated: true, usesEscapes: true, usesUnicode: true, width: 150)
  private static let plain = Terminal(isAnimated: true, usesEscapes: false, usesUnicode: false, width: 150)
  private static let pipe = Terminal(isAnimated: false, usesEscapes: false, usesUnicode: true, width: 80)

  @Test func aPipeGetsFewLinesOfManyEpochsAndTheLastOne() throws {
    let recorder = try Tape().recorder
    let plan = try unwrapped(recorder.plans.first), record = try unwrapped(recorder.epochs.first)
    var lines: [String] = []
    let bar = ProgressBar(terminal: Self.pipe, write: { lines.append($0) }, now: { 0 })
    bar.onTrainBegin(
      TrainingPlan(lastEpoch: 300, epochs: 300, stepsPerEpoch: 4, batchSize: 10, sampleCount: plan.sampleCount))
    var history = History()
    // Early stopping after epoch 200.
    for number in 1...200 {
      var epoch = record
      epoch.epoch = number
      history.epochs.append(epoch)
      bar.onEpochEnd(epoch)
    }
    bar.onTrainEnd(history)
    let shown = lines.compactMap { $0.dropFirst("epoch ".count).split(separator: "/").first.map(String.init) }
      .compactMap { Int($0.filter(\.isNumber)) }
    expectEqual(shown, [1] + stride(from: 6, through: 198, by: 6) + [200])
  }

  @Test func aPipeGetsOneLinePerEpoch() throws {
    let writes = try Tape().play(on: Self.pipe, tick: 1)
    expectEqual(writes.count, 3)
    for (index, line) in writes.enumerated() {
      expectTrue(line.hasPrefix("epoch \(index + 1)/3  loss "))
      expectTrue(line.hasSuffix(" s\n"))
      expectTrue(line.contains("validation loss"))
      expectTrue(!line.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\r" })
    }
  }

  @Test func aTerminalIsRedrawnAtMostTenTimesASecond() throws {
    // 12 steps of 0.03 s: the first is drawn, then the next that is a tenth of a second later, and so on.
    let writes = try Tape().play(on: Self.escapes, tick: 0.03)
    expectEqual(writes.filter { $0.contains("ETA") }.count, 3)
    try expectEqual(Tape().play(on: Self.escapes, tick: 1).filter { $0.contains("ETA") }.count, 12)
  }

  @Test func theLineShowsWhereTrainingIs() throws {
    let line = try unwrapped(try Tape().play(on: Self.plain, tick: 2, until: 6).dropLast(2).last)
    // Six of twelve steps in 12 s: half of it is done, 12 s are left, 60 samples came in 12 s.
    expectTrue(line.hasPrefix("\repoch 2/3 ###############---------------  50%  loss "))
    expectTrue(line.contains("  accuracy "))
    expectTrue(line.contains("  validation "))
    expectTrue(line.contains("  5 samples/s"))
    expectTrue(line.contains("  ETA 0:12"))
  }

  @Test func withoutColorNoEscapeIsSentAndLongerLinesAreOverwritten() throws {
    let writes = try Tape().play(on: Self.plain, tick: 1)
    expectTrue(writes.allSatisfy { !$0.unicodeScalars.contains("\u{1B}") })
    let redraws = writes.filter { $0.hasPrefix("\r") }
    for (line, next) in zip(redraws, redraws.dropFirst()) {
      let visible = line.reversed().drop { $0 == " " }.count
      expectAtLeast(next.count, visible)
    }
  }

  @Test func theEndLeavesTheLastEpochOnALineOfItsOwn() throws {
    let writes = try Tape().play(on: Self.escapes, tick: 1)
    expectEqual(writes.last, "\n")
    try expectTrue(unwrapped(writes.dropLast().last).hasPrefix("\r\u{1B}[2Kepoch 3/3  loss "))
  }

  @Test func theLineIsNeverWiderThanTheTerminal() throws {
    let tape = try Tape()
    for width in 1...400 {
      let terminal = Terminal(isAnimated: true, usesEscapes: false, usesUnicode: true, width: width)
      let writes = tape.play(on: terminal, tick: 1)
      expectTrue(writes.allSatisfy { $0 == "\n" || $0.drop { $0 == "\r" }.count < width }, "\(width)")
    }
  }

  @Test(arguments: [false, true])
  func aTerminalThatBecomesNarrowerGetsShorterLines(escapes: Bool) throws {
    let recorder = try Tape().recorder
    var (time, width) = (0.0, 120)
    var widths: [(allowed: Int, written: Int)] = []
    let bar = ProgressBar(
      terminal: Terminal(isAnimated: true, usesEscapes: escapes, usesUnicode: false, width: width),
      write: { text in
        let parts = text.split(separator: "\u{1B}[", omittingEmptySubsequences: false)
        let shown = parts[0].count - 1 + parts.dropFirst().reduce(0) { $0 + $1.drop { !$0.isLetter }.count - 1 }
        widths.append((width, shown))
      }, now: { time })
    bar.onTrainBegin(recorder.plans[0])
    for step in recorder.steps {
      time += 1
      width -= 9
      bar.onStepEnd(step)
    }
    expectEqual(widths.count, 12)
    expectTrue(widths.allSatisfy { $0.written < $0.allowed }, "\(widths)")
  }

  @Test func theLineHasCurvesOfLossAndGap() throws {
    let wide = Terminal(isAnimated: true, usesEscapes: false, usesUnicode: true, width: 200)
    let tape = try Tape()
    let line = try unwrapped(tape.play(on: wide, tick: 1).last { $0.contains("ETA") })
    let epochs = tape.recorder.epochs
    expectTrue(line.contains(epochs[0].trainLoss > epochs[1].trainLoss ? " █▁  accuracy" : " ▁█  accuracy"))
    let gap = try unwrapped(epochs[1].lossGap)
    expectTrue(line.contains("  gap \(NumberFormat.signed(gap, 4)) "))
    expectTrue(line.contains((epochs[0].lossGap ?? 0) > gap ? " █▁  10 samples/s" : " ▁█  10 samples/s"))
    let plain = try unwrapped(tape.play(on: Self.plain, tick: 1).last { $0.contains("ETA") })
    expectTrue(plain.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func theDonePartOfTheBarIsGreen() throws {
    let writes = try Tape().play(on: Self.escapes, tick: 1, until: 6)
    expectTrue(writes[0].contains("\u{1B}[32m━━\u{1B}[0m────"))
    expectTrue(writes[5].contains("\u{1B}[32m━━━━━━━━━━━━━"))
  }

  @Test func theLossOutlivesTheSpeedWhenRoomIsScarce() throws {
    let terminal = Terminal(isAnimated: true, usesEscapes: false, usesUnicode: true, width: 50)
    let line = try unwrapped(try Tape().play(on: terminal, tick: 1, until: 8).first { $0.contains("epoch 2") })
    expectTrue(line.contains("loss"))
    expectTrue(!line.contains("samples/s"))
  }
}
