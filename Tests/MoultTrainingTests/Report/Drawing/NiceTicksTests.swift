import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct NiceTicksTests {
  @Test(arguments: [
    (0.0...1.0, 6, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]), (0...40, 5, ["0", "10", "20", "30", "40"]),
    (-1.2...1.2, 4, ["-1", "0", "1"]), (0.1...0.3, 3, ["0.1", "0.2", "0.3"]), (0...5e6, 3, ["0", "5e6"]),
    (0...3e-7, 4, ["0", "1e-7", "2e-7", "3e-7"]), (1200...1800, 4, ["1,200", "1,400", "1,600", "1,800"]),
  ])
  func stepsAreOneTwoOrFive(range: ClosedRange<Double>, most: Int, labels: [String]) {
    expectEqual(NiceTicks.linear(range, most: most).labels, labels)
  }

  @Test func theGreatestSpanHasStepsOrNoneButNoCrash() {
    let all = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    expectEqual(NiceTicks.linear(all, most: 2).values, [])
    expectEqual(NiceTicks.linear(all, most: 5).values, [-1e308, 0, 1e308])
  }

  @Test func epochsAreMarkedAtWholeNumbersOnly() {
    expectEqual(NiceTicks.linear(1...3, most: 9, isInteger: true).labels, ["1", "2", "3"])
  }

  @Test(arguments: [1e-300, 1e-9, 0.037, 1, 123, 9.99e99, 1e300])
  func everyScaleHasAFewRisingTicksInside(scale: Double) {
    for range in [-0.3 * scale...scale, 0...scale, 0.99 * scale...scale, -scale...scale] {
      for most in 2...9 {
        let ticks = NiceTicks.linear(range, most: most)
        expectAtMost(ticks.values.count, most + 1)
        expectTrue(zip(ticks.values, ticks.values.dropFirst()).allSatisfy(<))
        let slack = (range.upperBound / 2 - range.lowerBound / 2) * 1e-6
        expectTrue(ticks.values.allSatisfy { range.lowerBound - slack <= $0 && $0 <= range.upperBound + slack })
        expectEqual(Set(ticks.labels).count, ticks.labels.count, "\(range), \(most): \(ticks.labels)")
      }
    }
  }

  @Test func logarithmicTicksArePowersOfTenWithTwoAndFiveWhereTheyFit() {
    expectEqual(NiceTicks.logarithmic(0.001...1, most: 5).labels, ["0.001", "0.01", "0.1", "1"])
    expectEqual(NiceTicks.logarithmic(0.1...1, most: 6).labels, ["0.1", "0.2", "0.5", "1"])
    expectAtMost(NiceTicks.logarithmic(1e-30...1, most: 5).values.count, 6)
    expectAtLeast(NiceTicks.logarithmic(0.3...0.4, most: 5).values.count, 2)
  }

  @Test func endsOfAnythingAreTwoDifferentNumbers() {
    expectEqual(NiceTicks.ends([]), 0...1)
    expectEqual(NiceTicks.ends([.nan, .infinity]), 0...1)
    expectEqual(NiceTicks.ends([3, .nan, -1, .infinity]), -1...3)
    for value in [0, 1, -5, 1e-300, 1e300, .leastNonzeroMagnitude, .greatestFiniteMagnitude] {
      let ends = NiceTicks.ends([value, value])
      expectTrue(ends.lowerBound < ends.upperBound && ends.upperBound.isFinite, "\(value): \(ends)")
      expectAtMost(NiceTicks.linear(ends, most: 5).values.count, 6)
    }
    expectAtMost(NiceTicks.linear(NiceTicks.ends([1, 1.0000000000000002]), most: 5).values.count, 6)
  }

  @Test func labelsThatFitDoNotTouch() {
    let ticks = NiceTicks.fitting(0...10_000, length: 200, unit: " samples")
    // 10 + 8 characters of at most about 9 units each.
    expectEqual(ticks.values.count, 2)
    expectAtLeast(NiceTicks.fitting(0...10, length: 400, unit: "").values.count, 6)
  }
}
