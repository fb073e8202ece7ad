import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct LiveScreenTests {
  private func lines(
    _ state: LiveState, _ columns: Int, _ rows: Int, unicode: Bool = true, color: Bool = false
  ) -> [String] {
    LiveScreen(state: state, size: (columns, rows), unicode: unicode, color: color).lines
  }

  @Test func aWholeScreenShowsWhereTrainingIs() throws {
    let fixture = try LiveFixture()
    let state = fixture.state(steps: 10)
    let lines = lines(state, 80, 24)
    expectEqual(lines.count, 24)
    expectTrue(lines[0].hasPrefix(" points · 4-16-3  "))
    expectTrue(lines[0].hasSuffix("  epoch 3/3"))
    expectTrue(lines[1].contains("━─"))
    expectTrue(lines[1].contains("  83%  ETA 0:02  elapsed 0:10  10 samples/s"))
    let loss = NumberFormat.fixed(fixture.recorder.steps[9].meanLoss, 4)
    let validated = try unwrapped(fixture.recorder.epochs[1].validationLoss)
    expectTrue(lines[3].hasPrefix(" loss      training \(loss)    validation \(NumberFormat.fixed(validated, 4))"))
    expectTrue(lines[4].hasPrefix(" accuracy  training "))
    expectTrue(lines[6].hasPrefix(" loss ") && lines[6].hasSuffix("training  ━━ validation"))
    expectTrue(
      lines.contains { $0.contains("┤") && $0.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) } })
    let gap = try unwrapped(fixture.recorder.epochs[1].lossGap)
    expectTrue(lines[21].hasPrefix(" gap       \(NumberFormat.signed(gap, 4)) "))
    expectTrue(lines[23].hasPrefix(" q stop after this epoch   m next metric"))
  }

  @Test func noLineIsEverWiderThanTheScreenNorAreThereMore() throws {
    let fixture = try LiveFixture()
    let long = String(repeating: "数据/", count: 80)
    var states = [0, 1, 10, 12].map { fixture.state(steps: $0, title: [long, long]) }
    states.append(fixture.state())
    states[3].showsHelp = true
    states[4].isStopping = true
    states[4].isLogarithmic = true
    for state in states {
      for columns in Array(0...4) + [11, 19, 20, 21, 34, 47, 61, 62, 63, 80, 120, 400] {
        for rows in [0, 1, 5, 6, 7, 8, 9, 10, 12, 17, 18, 24, 40] {
          let lines = lines(state, columns, rows)
          expectAtMost(lines.count, rows)
          expectTrue(lines.allSatisfy { StyledLine.columns(of: $0) <= columns }, "\(columns)x\(rows)")
          if columns >= LiveScreen.leastColumns, rows >= LiveScreen.leastRows {
            expectEqual(lines.count, rows)
            expectTrue(lines[0].contains("epoch"))
            expectTrue(lines[rows - 1].hasPrefix(state.isStopping ? " stopping" : " q "))
          }
        }
      }
    }
  }

  @Test func aScreenThatIsTooSmallShowsAShortLine() throws {
    let state = try LiveFixture().state()
    expectEqual(lines(state, 19, 24).count, 1)
    expectTrue(lines(state, 80, 5)[0].hasPrefix("epoch 3/3 0."))
    expectEqual(lines(state, 4, 1), ["epoc"])
  }

  @Test func colorChangesNothingButTheColor() throws {
    let state = try LiveFixture().state()
    let (plain, colored) = (lines(state, 90, 30), lines(state, 90, 30, color: true))
    expectTrue(!plain.joined().contains("\u{1B}"))
    expectTrue(colored.joined().contains("\u{1B}[36m"))
    expectTrue(colored.joined().contains("\u{1B}[35m"))
    expectTrue(zip(plain, colored).allSatisfy { $0 == Self.withoutEscapes($1) })
  }

  private static func withoutEscapes(_ line: String) -> String {
    line.split(separator: "\u{1B}", omittingEmptySubsequences: false).enumerated().map { index, part in
      index == 0 ? String(part) : String(part.drop { $0 != "m" }.dropFirst())
    }.joined()
  }

  @Test func withoutUnicodeTheScreenIsASCII() throws {
    expectTrue(lines(try LiveFixture().state(), 90, 30, unicode: false).joined().utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func theKeysChangeWhatIsDrawn() throws {
    var state = try LiveFixture().state()
    state.press("m")
    expectTrue(lines(state, 80, 24)[6].hasPrefix(" accuracy, % "))
    state.press("l")
    expectTrue(lines(state, 80, 24)[6].contains("  log axis"))
    state.press("?")
    expectTrue(lines(state, 80, 24).contains { $0.contains("Ctrl-C  stop after this step, and save") })
    state.press("q")
    expectEqual(lines(state, 80, 24)[23], " stopping after this epoch; the model will be saved")
  }

  @Test func whatSteersATerminalIsSpelledOutInTheTitle() throws {
    let state = try LiveFixture().state(title: ["a\u{1B}[2Jb\n"])
    expectTrue(lines(state, 80, 24)[0].hasPrefix(" a\\u{1B}[2Jb\\u{A}"))
  }

  @Test func beforeTheFirstStepThereIsAScreenToo() throws {
    let lines = lines(try LiveFixture().state(steps: 0), 80, 24)
    expectTrue(lines[0].hasSuffix("epoch 1/3"))
    expectTrue(lines[1].contains("  0%  ETA -:--"))
    expectEqual(lines[3], " loss      training -       ")
  }
}
