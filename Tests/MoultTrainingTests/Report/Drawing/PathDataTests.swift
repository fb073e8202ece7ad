import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct PathDataTests {
  @Test(arguments: [
    (0, "0"), (1.5, "1.5"), (-0.001, "0"), (12.345, "12.35"), (.nan, "0"), (.infinity, "0"), (1e30, "100000"),
    (100, "100"),
  ])
  func numbersAreShortAndNeverNaN(value: Double, text: String) {
    expectEqual(PathData.number(value), text)
  }
}
