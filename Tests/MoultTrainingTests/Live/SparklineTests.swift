import Moult
import MoultTestSupport
import Testing

@Suite struct SparklineTests {
  @Test func eightValuesTakeTheEightHeights() {
    expectEqual(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7], width: 8), "▁▂▃▄▅▆▇█")
    expectEqual(Sparkline.text([2.3, 0.5, 0.3], width: 8), "█▁▁")
    expectEqual(Sparkline.text([-1, 0, 1], width: 8), "▁▅█")
  }

  @Test func moreValuesThanCharactersAreAveragedOverTheWholeRun() {
    expectEqual(Sparkline.averages([1, 3, 5, 7, 9, 11], atMost: 3), [2, 6, 10])
    expectEqual(Sparkline.averages([1, 2, 3, 4, 5], atMost: 2), [1.5, 4])
    expectEqual(Sparkline.text((0..<1_000).map(Double.init), width: 4), "▁▃▆█")
  }

  @Test(arguments: 0...20)
  func itIsNeverWiderThanAllowed(width: Int) {
    expectAtMost(Sparkline.text((0..<50).map { Double($0 * $0 % 7) }, width: width).count, width)
  }

  @Test func whatCannotBeDrawnGivesNoText() {
    expectTrue(Sparkline.text([], width: 8).isEmpty)
    expectTrue(Sparkline.text([1], width: 8).isEmpty)
    expectTrue(Sparkline.text([1, .nan, .infinity], width: 8).isEmpty)
    expectTrue(Sparkline.text([1, 2], width: 1).isEmpty)
  }

  @Test func equalAndHugeValuesStayFinite() {
    expectEqual(Sparkline.text([3, 3, 3], width: 8), "▅▅▅")
    let greatest = Double.greatestFiniteMagnitude
    expectEqual(Sparkline.text([-greatest, greatest], width: 8), "▁█")
  }
}
