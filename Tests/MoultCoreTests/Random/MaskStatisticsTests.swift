import MoultCore
import MoultTestSupport
import Testing

/// Masks look like independent coin tosses of exactly the rate that was asked for.
///
/// The draws are fixed, so these tests cannot fail by chance: they fail when the law changes or an argument is
/// forgotten.
@Suite struct MaskStatisticsTests {
  private func mask(
    seed: UInt64 = 1, layer: UInt32 = 0, call: UInt32 = 0, domain: RandomDomain = .training, step: UInt32 = 0,
    sample: UInt64 = 0, part: UInt32 = 0, rate: Double, rows: Int = 1024, units: Int = 1024
  ) -> [UInt8] {
    let stream = RandomStream(seed: seed, layer: layer, call: call, domain: domain)
    return MaskSpec(
      MaskUse(stream: stream, step: step, firstSample: sample), rate: rate, rows: rows, units: units, part: part
    )
    .bytes()
  }

  /// N = 2^22: the standard error of the rate is at most 0.000245, so a rate that is wrong by 0.002 anywhere (0.0012 at
  /// 0.1) gives |z| > 5 with probability 0.999. Eight-bit thresholds, which turn 0.1 into 0.0976, would give z = -16.
  @Test(arguments: [0.1, 0.25, 0.3, 0.5, 0.9])
  func theCountOfDroppedUnitsFitsTheRate(rate: Double) {
    for seed in 1...3 as ClosedRange<UInt64> {
      let dropped = mask(seed: seed, rate: rate, rows: 1 << 10, units: 1 << 12).reduce(0) { $0 + Int($1) }
      let z = zScore(successes: dropped, trials: 1 << 22, probability: rate)
      expectLess(z.magnitude, 5, "rate \(rate), seed \(seed): z = \(z)")
    }
  }

  /// See ``correlationScore(_:_:probability:)`` for the power: 2^20 units.
  @Test(arguments: [0.1, 0.5])
  func streamsThatDifferInOneThingAreUncorrelated(rate: Double) {
    let base = mask(rate: rate)
    let others = [
      "seed": mask(seed: 2, rate: rate), "seed, high word": mask(seed: 1 << 32 | 1, rate: rate),
      "layer": mask(layer: 1, rate: rate), "unnumbered layer": mask(layer: 1 << 31, rate: rate),
      "call": mask(call: 1, rate: rate), "domain": mask(domain: .sampling, rate: rate),
      "step": mask(step: 1, rate: rate),
      "far step": mask(step: .max, rate: rate), "sample": mask(sample: 1, rate: rate),
      "far sample": mask(sample: 1 << 31, rate: rate),
      "part": mask(part: 1, rate: rate), "layer and call": mask(layer: 1, call: 1, rate: rate),
    ]
    for (name, other) in others {
      expectNotEqual(other, base)
      let z = correlationScore(base, other, probability: rate)
      expectLess(z.magnitude, 5, "\(name): z = \(z)")
    }
  }

  @Test(arguments: [1, 2, 16, 31, 32, 33, 64, 127, 128, 129, 1024])
  func neighboursAreUncorrelated(lag: Int) {
    let bits = mask(rate: 0.3)
    let z = correlationScore(Array(bits.dropLast(lag)), Array(bits.dropFirst(lag)), probability: 0.3)
    expectLess(z.magnitude, 5, "lag \(lag): z = \(z)")
  }

  @Test func everyPlaceInAGroupIsDroppedAsOften() {
    let bits = mask(rate: 0.25, rows: 1 << 13, units: 128)
    let counts = bits.enumerated().reduce(into: [Int](repeating: 0, count: 128)) {
      $0[$1.offset % 128] += Int($1.element)
    }
    for (place, count) in counts.enumerated() {
      let z = zScore(successes: count, trials: 1 << 13, probability: 0.25)
      expectLess(z.magnitude, 5, "unit \(place): z = \(z)")
    }
  }

  @Test func aTinyRateDropsNextToNothing() {
    expectTrue(mask(rate: 1e-9, rows: 1 << 10, units: 1 << 12).allSatisfy { $0 == 0 })
    expectTrue(mask(rate: 1 - 0x1p-53, rows: 1 << 10, units: 1 << 12).allSatisfy { $0 == 1 })
  }
}
