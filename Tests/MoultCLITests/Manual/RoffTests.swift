import Testing

@testable import MoultCLI

@Suite struct RoffTests {
  @Test func textPrintsAsItIs() {
    #expect(Roff.escaped("--rate 0.5") == "\\-\\-rate 0.5")
    #expect(Roff.escaped("a\\b 'c' `d` ~/.x ^") == "a\\eb \\(aqc\\(aq \\(gad\\(ga \\(ti/.x \\(ha")
    #expect(Roff.escaped("R² 😀") == "R\\[u00B2] \\[u1F600]")
  }

  @Test func aDotAtTheStartIsNoMacro() {
    #expect(Roff.escaped(".csv files") == "\\&.csv files")
    #expect(Roff.escaped("a .csv file") == "a .csv file")
  }

  @Test func argumentsStandInQuotes() {
    var page = Roff()
    page.macro("B", "a \"b\" c")
    page.entry("--x", "y")
    #expect(page.text == ".B \"a \\(dqb\\(dq c\"\n.TP\n.B \"\\-\\-x\"\ny\n")
  }

  @Test func indentedLinesStayAsTheyAre() {
    var page = Roff()
    page.discussion("One\ntwo:\n\n  moult a\n    moult b\n\nend")
    #expect(page.text == ".PP\nOne\ntwo:\n.PP\n.nf\n.RS \"4\"\nmoult a\n  moult b\n.RE\n.fi\n.PP\nend\n")
  }
}
