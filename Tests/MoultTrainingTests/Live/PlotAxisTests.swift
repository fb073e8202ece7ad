import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct PlotAxisTests {
  private func labels(_ values: [Double], ticks: Int, logarithmic: Bool = false) -> [String] {
    PlotAxis.holding(values, ticks: ticks, logarithmic: logarithmic).ticks.labels
  }

  @Test func ticksAreRoundNumbers() {
    expectEqual(labels([0.21, 2.31], ticks: 4), ["1", "2"])
    expectEqual(labels([0.21, 2.31], ticks: 5), ["0.5", "1.0", "1.5", "2.0"])
    expectEqual(labels([0, 40], ticks: 4), ["0", "10", "20", "30", "40"])
    expectEqual(labels([-0.03, 0.05], ticks: 4), ["-0.02", "0", "0.02", "0.04"])
    expectEqual(labels([91, 98], ticks: 1), ["92", "94", "96", "98"])
  }

  @Test func aLogarithmicAxisHasOneTwoFiveWhereTheyAreEnough() {
    expectEqual(labels([0.03, 2.3], ticks: 4, logarithmic: true), ["0.1", "1"])
    expectEqual(labels([0.3, 2.3], ticks: 4, logarithmic: true), ["0.5", "1", "2"])
    expectEqual(labels([0.06, 0.08], ticks: 4, logarithmic: true), ["0.060", "0.065", "0.070", "0.075", "0.080"])
    expectEqual(labels([1e-7, 1e3], ticks: 4, logarithmic: true).first, "1e-7")
    let range = PlotAxis.holding([0.3, 2.3], ticks: 4, logarithmic: true).range
    expectTrue(abs(range.lowerBound - 0.3) < 1e-12 && range.upperBound == 3)
  }

  @Test func aLogarithmicAxisNeedsValuesAboveZero() {
    expectEqual(PlotAxis.holding([0, 1], ticks: 3, logarithmic: true).isLogarithmic, false)
    let axis = PlotAxis.holding([0.1, 10], ticks: 3, logarithmic: true)
    expectTrue(axis.isLogarithmic)
    expectLess(abs(axis.share(of: 1) - 0.5), 1e-12)
  }

  private static let hardValues: [[Double]] = [
    [], [0], [5], [-3, -3], [1e300, -1e300], [.nan, 1], [.infinity], [.leastNonzeroMagnitude, .leastNormalMagnitude],
    [1, 1 + 1e-15], [1e12, 3e12],
    [0 - Double.greatestFiniteMagnitude, .greatestFiniteMagnitude], [.leastNonzeroMagnitude, 1.7e308],
    [123_456, 123_457],
    [0, 1e308], [1e308], [1e-270, 1e300], [6, 9], [0.2, 5], [0.999_999_999, 1.000_000_001],
  ]

  @Test(arguments: hardValues)
  func everyAxisHoldsItsValuesAndHasTwoTicksInOrder(values: [Double]) {
    for logarithmic in [false, true] {
      for count in [1, 2, 8] {
        let axis = PlotAxis.holding(values, ticks: count, logarithmic: logarithmic)
        let ticks = axis.ticks.values
        expectTrue(ticks.count >= 2 && ticks.count <= max(count + 3, 8), "\(ticks)")
        expectTrue(zip(ticks, ticks.dropFirst()).allSatisfy(<), "\(ticks)")
        expectTrue(ticks.allSatisfy { (-1e-6...1 + 1e-6).contains(axis.share(of: $0)) }, "\(ticks) in \(axis.range)")
        for value in values where value.isFinite {
          // What is greater lies beyond the ends, but not at infinity.
          let held = min(max(value, -1e300), 1e300)
          expectTrue((-1e-6...1 + 1e-6).contains(axis.share(of: held)), "\(value) in \(axis.range)")
          expectTrue(axis.share(of: value).isFinite)
        }
      }
    }
  }
}
