import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct StyledLineTests {
  private var line: StyledLine {
    var line = StyledLine("one ")
    line.append("two", .strong)
    line.append(" three", .training)
    return line
  }

  @Test func onlyColorBringsEscapes() {
    expectEqual(line.text(color: false), "one two three")
    expectEqual(line.text(color: true), "one \u{1B}[1mtwo\u{1B}[0m\u{1B}[36m three\u{1B}[0m")
  }

  @Test(arguments: 0...13)
  func aTruncatedLineIsTheBeginning(width: Int) {
    let cut = line.truncated(to: width)
    expectEqual(cut.columns, width)
    expectEqual(cut.text(color: false), String("one two three".prefix(width)))
  }

  @Test func whatCouldBeWideCountsTwice() {
    expectEqual(StyledLine.columns(of: "aé─⣿▅"), 5)
    expectEqual(StyledLine.columns(of: "数字"), 4)
    expectEqual(StyledLine("数字", .plain).truncated(to: 3).columns, 2)
  }

  @Test func theRightPartIsLeftOutWhereItDoesNotFit() {
    var (wide, narrow) = (StyledLine("left"), StyledLine("left"))
    wide.append(StyledLine("right"), rightAlignedAt: 11)
    narrow.append(StyledLine("right"), rightAlignedAt: 10)
    expectEqual(wide.text(color: false), "left  right")
    expectEqual(narrow.text(color: false), "left")
  }
}
