import Moult
import MoultReport
import Testing

@Suite struct StyledLineTests {
  private var line: StyledLine {
    var line = StyledLine("one ")
    line.append("two", .strong)
    line.append(" three", .training)
    return line
  }

  @Test func onlyColorBringsEscapes() {
    #expect(line.text(color: false) == "one two three")
    #expect(line.text(color: true) == "one \u{1B}[1mtwo\u{1B}[0m\u{1B}[36m three\u{1B}[0m")
  }

  @Test(arguments: 0...13)
  func aTruncatedLineIsTheBeginning(width: Int) {
    let cut = line.truncated(to: width)
    #expect(cut.columns == width)
    #expect(cut.text(color: false) == String("one two three".prefix(width)))
  }

  @Test func whatCouldBeWideCountsTwice() {
    #expect(StyledLine.columns(of: "aé─⣿▅") == 5)
    #expect(StyledLine.columns(of: "数字") == 4)
    #expect(StyledLine("数字", .plain).truncated(to: 3).columns == 2)
  }

  @Test func theRightPartIsLeftOutWhereItDoesNotFit() {
    var (wide, narrow) = (StyledLine("left"), StyledLine("left"))
    wide.append(StyledLine("right"), rightAlignedAt: 11)
    narrow.append(StyledLine("right"), rightAlignedAt: 10)
    #expect(wide.text(color: false) == "left  right")
    #expect(narrow.text(color: false) == "left")
  }
}
