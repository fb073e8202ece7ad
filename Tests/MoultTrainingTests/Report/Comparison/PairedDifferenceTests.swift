import MoultReport
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct PairedDifferenceTests {
  @Test func theIntervalHoldsChanceOfSeedsAndOfSamples() throws {
    // Two seeds, four samples. Differences of the seeds: -0.25 and -0.5; of the samples, over the seeds: -1, -0.5, 0,
    // 0.
    let first: [[Double]] = [[1, 1, 0, 0], [1, 1, 0, 0]], second: [[Double]] = [[0, 1, 0, 0], [0, 0, 0, 0]]
    let difference = PairedDifference(first, second, .mean)
    expectEqual(difference.differences, [-0.25, -0.5])
    let ofSeeds: Double = 0.03125 / 2
    let squares: [Double] = [0.390625, 0.015625, 0.140625, 0.140625]
    let error = (ofSeeds + squares.reduce(0, +) / 12).squareRoot()
    expectLess(abs(try unwrapped(difference.standardError) - error), 1e-12)
    let interval = try unwrapped(difference.interval)
    // Of shares, -0.375 ± 12.7 · 0.27 cannot be: they lie between -1 and 1.
    expectEqual(interval, -1...1)
    expectEqual(difference.verdict, .notShown)
  }

  @Test func bothKindsOfChanceHaveTheirDegreesOfFreedom() throws {
    // Satterthwaite's, rounded down: by hand, 3 seeds whose means differ by 0, 4 and 5 hundredths, and 200 samples.
    let first = Array(repeating: Array(repeating: 0.0, count: 200), count: 3)
    let second = [10, 14, 15].map { ones in (0..<200).map { $0 < 2 * ones ? 1.0 : 0 } }
    let difference = PairedDifference(first, second, .mean)
    let ofSeeds: Double = 0.0007 / 3
    // 20 samples are wrong with all three seeds, 8 with two, 2 with one.
    let total = 20 + 8 * 2.0 / 3 + 2 / 3.0, mean: Double = total / 200
    let squares: Double = 20 + 8 * 4.0 / 9 + 2 / 9.0
    let ofSamples = (squares - 200 * mean * mean) / 199 / 200
    let sum = ofSeeds + ofSamples
    let degrees = sum * sum / (ofSeeds * ofSeeds / 2 + ofSamples * ofSamples / 199)
    expectTrue(degrees > 19 && degrees < 20)
    let interval = try unwrapped(difference.interval)
    expectLess(abs(interval.upperBound - interval.lowerBound - 2 * 2.09302 * sum.squareRoot()), 1e-5)
  }

  @Test func theRootBendsTheScale() throws {
    // Errors of 4 and 16 in the square: roots 2 and 4 in units of 10. Samples differ: 12 ± 4 over a slope of 10 / 6.
    let first: [[Double]] = [[4, 4], [4, 4]], second: [[Double]] = [[12, 20], [12, 20]]
    let difference = PairedDifference(first, second, .rootMean(unit: 10))
    expectEqual(difference.differences, [20, 20])
    let expected: Double = 10.0 / 6 * 4
    expectLess(abs(try unwrapped(difference.standardError) - expected), 1e-12)
  }

  @Test func whatIsSureHelpsOrHurts() {
    func errors(each step: Int) -> [[Double]] {
      let row: [Double] = (0..<1_000).map { $0.isMultiple(of: step) ? 1 : 0 }
      return Array(repeating: row, count: 5)
    }
    let low = errors(each: 20), high = errors(each: 4)
    expectEqual(PairedDifference(high, low, .mean).verdict, .helped)
    expectEqual(PairedDifference(low, high, .mean).verdict, .hurt)
    expectEqual(PairedDifference(low, low, .mean).verdict, .notShown)
    expectNil(PairedDifference([low[0]], [high[0]], .mean).verdict)
  }
}
