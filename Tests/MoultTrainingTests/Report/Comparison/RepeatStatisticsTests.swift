import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct RepeatStatisticsTests {
  @Test func aKnownSample() throws {
    // scipy.stats.t.interval(0.95, 3, 2.5, scipy.stats.sem([1, 2, 3, 4])) is 2.5 ± 2.054260, scipy 1.11.
    let statistics = RepeatStatistics([1, 2, .nan, 3, 4])
    expectTrue(statistics.count == 4 && statistics.mean == 2.5)
    let deviation = try unwrapped(statistics.standardDeviation), margin = try unwrapped(statistics.margin)
    expectLess(abs(deviation - 1.2909944487), 1e-9)
    expectLess(abs(margin - 2.054260), 1e-5)
  }

  @Test func oneValueHasNoSpreadAndNoneNoMean() {
    expectTrue(RepeatStatistics([7]).standardDeviation == nil && RepeatStatistics([7]).margin == nil)
    expectTrue(RepeatStatistics([]).mean.isNaN)
  }

  /// Quantiles as every table of Student's distribution prints them.
  @Test(arguments: [(1, 12.706), (12, 2.179), (13, 2.160), (20, 2.086), (30, 2.042), (120, 1.980)])
  func quantilesAreThoseOfTheTables(degrees: Int, quantile: Double) {
    expectLess(abs(RepeatStatistics.quantile(degreesOfFreedom: degrees) - quantile), 6e-4)
  }
}
