import Moult
import MoultTestSupport
import Testing

@Suite struct TerminalTests {
  private func terminal(
    isTerminal: Bool = true, columns: Int? = 100, noColor: Bool = false, _ environment: [String: String] = [:]
  ) -> Terminal {
    Terminal(isTerminal: isTerminal, columns: columns, noColor: noColor) { environment[$0] }
  }

  @Test func aTerminalIsRedrawnInColor() {
    let terminal = terminal(["LANG": "en_US.UTF-8", "TERM": "xterm"])
    expectEqual(terminal, Terminal(isAnimated: true, usesEscapes: true, usesUnicode: true, width: 100))
  }

  @Test func aPipeIsNot() {
    let terminal = terminal(isTerminal: false, columns: nil)
    expectTrue(!terminal.isAnimated && !terminal.usesEscapes && terminal.width == Terminal.defaultWidth)
  }

  @Test func colorCanBeForbiddenInThreeWays() {
    expectTrue(!terminal(noColor: true).usesEscapes)
    expectTrue(!terminal(["NO_COLOR": "1"]).usesEscapes)
    expectTrue(!terminal(["TERM": "dumb"]).usesEscapes)
    expectTrue(terminal(["NO_COLOR": ""]).usesEscapes, "an empty NO_COLOR does not count (no-color.org)")
  }

  @Test func onlyADumbTerminalIsNotRedrawn() {
    expectTrue(terminal(noColor: true).isAnimated)
    expectTrue(terminal(["NO_COLOR": "1"]).isAnimated)
    expectTrue(!terminal(["TERM": "dumb"]).isAnimated)
  }

  @Test func theFirstLocaleThatIsSetDecidesAboutUnicode() {
    expectTrue(terminal(["LC_ALL": "", "LC_CTYPE": "C.utf8", "LANG": "C"]).usesUnicode)
    expectTrue(!terminal(["LC_ALL": "C", "LANG": "en_US.UTF-8"]).usesUnicode)
    expectTrue(!terminal().usesUnicode)
  }

  @Test func columnsComeFromTheTerminalOrTheEnvironment() {
    expectEqual(terminal(columns: 70, ["COLUMNS": "50"]).width, 70)
    expectEqual(terminal(columns: nil, ["COLUMNS": "50"]).width, 50)
    expectEqual(terminal(columns: nil, ["COLUMNS": "-3"]).width, 80)
  }
}
