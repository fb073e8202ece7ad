import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Mean and standard deviation of what an initializer draws for weights `[300, 200]`.
func moments(_ initializer: any Initializer) -> (mean: Double, deviation: Double, largest: Double) {
  let values = withSeed(1) { Parameter([300, 200], initializer: initializer) }.value.scalars(as: Double.self)
  let mean = values.reduce(0, +) / Double(values.count)
  let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
  return (mean, variance.squareRoot(), values.map(abs).max() ?? 0)
}

/// Checks that 60 000 draws are uniform in ±bound: 6 sigma of the mean is 0.0141 bounds, 6 sigma of the deviation 1.1
/// %.
func expectUniform(_ initializer: any Initializer, bound: Double, _ location: SourceLocation = #_sourceLocation) {
  let (mean, deviation, largest) = moments(initializer)
  #expect(largest <= bound * 1.000_001 && largest > 0.999 * bound, sourceLocation: location)
  #expect(abs(mean) < 0.0142 * bound, sourceLocation: location)
  #expect(abs(deviation * 3.0.squareRoot() / bound - 1) < 0.012, sourceLocation: location)
}

/// Checks that 60 000 draws are normal as to mean (6 sigma: 0.0245), deviation (1.74 %) and tail.
func expectNormal(_ initializer: any Initializer, deviation: Double, _ location: SourceLocation = #_sourceLocation) {
  let drawn = moments(initializer)
  #expect(abs(drawn.mean) < 0.0246 * deviation, sourceLocation: location)
  #expect(abs(drawn.deviation / deviation - 1) < 0.0175, sourceLocation: location)
  #expect((3.3...6.5).contains(drawn.largest / deviation), sourceLocation: location)
}

@Suite struct InitializerTests {
  @Test func everyParameterHasAStreamOfItsOwn() {
    let (first, second) = withSeed(1) {
      (Parameter([4, 4], initializer: .xavierUniform()), Parameter([4, 4], initializer: .xavierUniform()))
    }
    expectNotEqual(first.value, second.value)
    expectEqual(withSeed(1) { Parameter([4, 4], initializer: .xavierUniform()) }.value, first.value)
  }

  @Test func aConstantCountsAsAParameterToo() {
    let (_, second) = withSeed(1) {
      (Parameter([4, 4], initializer: .constant(0)), Parameter([4, 4], initializer: .xavierUniform()))
    }
    let (_, other) = withSeed(1) {
      (Parameter([4, 4], initializer: .kaimingNormal()), Parameter([4, 4], initializer: .xavierUniform()))
    }
    expectEqual(second.value, other.value)
  }

  @Test func vectorsHaveNoFan() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Parameter([4], initializer: .kaimingUniform())
    }
    expectTrue(
      message(result).contains("Initializer: expected weights [out, in, ...], got [4]; use .uniform or .normal"))
  }

  @Test func integersAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Parameter([4], initializer: .constant(0), dtype: .int32)
    }
    expectTrue(message(result).contains("Parameter: expected a floating-point type, got int32"))
  }

  @Test func kernelsMultiplyTheFan() {
    let values = Parameter([8, 4, 3, 3], initializer: .kaimingUniform(a: 5.0.squareRoot())).value
    expectTrue(values.scalars(as: Float.self).allSatisfy { abs($0) <= 1 / 6 })
  }
}
