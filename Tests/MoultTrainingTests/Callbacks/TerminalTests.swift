import Moult
import Testing

@Suite struct TerminalTests {
  private func terminal(
    isTerminal: Bool = true, columns: Int? = 100, noColor: Bool = false, _ environment: [String: String] = [:]
  ) -> Terminal {
    Terminal(isTerminal: isTerminal, columns: columns, noColor: noColor) { environment[$0] }
  }

  @Test func aTerminalIsRedrawnInColor() {
    let terminal = terminal(["LANG": "en_US.UTF-8", "TERM": "xterm"])
    #expect(terminal == Terminal(isAnimated: true, usesEscapes: true, usesUnicode: true, width: 100))
  }

  @Test func aPipeIsNot() {
    let terminal = terminal(isTerminal: false, columns: nil)
    #expect(!terminal.isAnimated && !terminal.usesEscapes && terminal.width == Terminal.defaultWidth)
  }

  @Test func colorCanBeForbiddenInThreeWays() {
    #expect(!terminal(noColor: true).usesEscapes)
    #expect(!terminal(["NO_COLOR": "1"]).usesEscapes)
    #expect(!terminal(["TERM": "dumb"]).usesEscapes)
    #expect(terminal(["NO_COLOR": ""]).usesEscapes, "an empty NO_COLOR does not count (no-color.org)")
  }

  @Test func onlyADumbTerminalIsNotRedrawn() {
    #expect(terminal(noColor: true).isAnimated)
    #expect(terminal(["NO_COLOR": "1"]).isAnimated)
    #expect(!terminal(["TERM": "dumb"]).isAnimated)
  }

  @Test func theFirstLocaleThatIsSetDecidesAboutUnicode() {
    #expect(terminal(["LC_ALL": "", "LC_CTYPE": "C.utf8", "LANG": "C"]).usesUnicode)
    #expect(!terminal(["LC_ALL": "C", "LANG": "en_US.UTF-8"]).usesUnicode)
    #expect(!terminal().usesUnicode)
  }

  @Test func columnsComeFromTheTerminalOrTheEnvironment() {
    #expect(terminal(columns: 70, ["COLUMNS": "50"]).width == 70)
    #expect(terminal(columns: nil, ["COLUMNS": "50"]).width == 50)
    #expect(terminal(columns: nil, ["COLUMNS": "-3"]).width == 80)
  }
}
