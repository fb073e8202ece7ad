import MoultCore
import MoultTestSupport
import Testing

/// Known answers by Scripts/reference/masklaw.py: stream(9, 4, 1, TRAINING), step 7, sample 13, draw 2.
@Suite struct MaskUseDrawsTests {
  private func use(_ sample: UInt64, stride: UInt64 = 1) -> MaskUse {
    MaskUse(
      stream: RandomStream(seed: 9, layer: 4, call: 1, domain: .training), step: 7, firstSample: sample,
      sampleStride: stride)
  }

  @Test func drawsAreTheLaws() {
    let uniform = use(13).uniform([1, 3], dtype: .float64, draw: 2).scalars(as: Double.self)
    expectEqual(uniform, [0.007052434929850859, 0.906442456368751, 0.48882406746013374])
    let narrow = use(13).uniform([1, 3], dtype: .float32, draw: 2).scalars(as: Double.self)
    expectTrue(zip(narrow, uniform).allSatisfy { abs($0 - $1) <= 0x1p-24 })
    let normal = use(13).normal([1, 3], dtype: .float64, draw: 2).scalars(as: Double.self)
    expectTrue(
      zip(normal, [-2.306510050747268, 0.16236870608067175, 0.08283531878522411]).allSatisfy { abs($0 - $1) < 1e-14 })
    let rounded = use(13).normal([1, 3], dtype: .float32, draw: 2).scalars(as: Double.self)
    expectTrue(zip(rounded, normal).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func everyRowIsASample() {
    for axis in 0..<3 {
      let whole = use(5, stride: 3).normal([4, 4, 4], batchAxis: axis, dtype: .float32)
      for row in 0..<4 {
        let alone = use(5 + 3 * UInt64(row)).normal([1, 4, 4], dtype: .float32)
        expectEqual(whole.sliced(axis: axis, row..<row + 1).squeezed(axis: axis), alone.squeezed(axis: 0))
      }
    }
  }

  @Test func lowRanksAreTheSampleZero() {
    expectEqual(use(5).uniform([6], dtype: .float32), use(0).uniform([1, 6], dtype: .float32).squeezed(axis: 0))
    expectEqual(use(5).uniform([], dtype: .float32).item(), use(0).uniform([1, 1], dtype: .float32).item())
    expectEqual(use(5).uniform([0, 3], dtype: .float32).count, 0)
    expectEqual(use(5).uniform([3, 0], dtype: .float32).count, 0)
  }

  @Test func threadsDoNotChangeDraws() {
    let logits = Tensor.full([37, 1_001], -0.4)
    let results = ProcessSettings.underThreadCounts([1, 2, 5]) {
      [
        use(1, stride: 3).normal([37, 1_001], dtype: .float32),
        use(1, stride: 3).kept(withLogits: logits),
      ]
    }
    for (threads, result) in results.dropFirst() {
      expectTrue(zip(result, results[0].result).allSatisfy { sameBits($0, $1) }, "\(threads) threads")
    }
  }

  @Test func samplesBeyondTheLawAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let stream = RandomStream(seed: 0, layer: 0, call: 0, domain: .training)
      _ = MaskUse(stream: stream, step: 0, firstSample: 0xFFFF_FFFF).uniform([2, 1], dtype: .float32)
    }
    expectTrue(text(result).contains("random draws: expected sample indices below 2^32 for 2 rows"))
  }
}
