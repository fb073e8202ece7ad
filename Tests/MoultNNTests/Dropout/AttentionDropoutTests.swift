import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct AttentionDropoutTests {
  @Test(arguments: [3, 128, 130]) func weightsAreDroppedAsTheLawSays(keys: Int) {
    let (heads, queries) = (2, 3)
    let y = withSeed(2) {
      withStep(1, firstSample: 5) {
        attentionDropout(.ones([2, heads, queries, keys]), rate: 0.5, mode: .training, stream: 3)
      }
    }.scalars(as: Float.self)
    let padded = (keys + 127) / 128 * 128
    let dropped = dropMaskBits(
      seed: 2, layer: 3, call: 0, domain: .training, step: 1, rate: 0.5, sample: 5, rows: 2,
      units: queries * heads * padded)
    for n in 0..<2 {
      for h in 0..<heads {
        for q in 0..<queries {
          for k in 0..<keys {
            let isDropped = dropped[n][(q * heads + h) * padded + k]
            let value = y[((n * heads + h) * queries + q) * keys + k]
            if value != (isDropped ? 0 : 2) { Issue.record("\((n, h, q, k)): got \(value)") }
          }
        }
      }
    }
  }

  @Test func threeAxesAreOneHead() {
    let weights = Tensor.randomNormal([2, 3, 5], seed: 1)
    let (three, four) = withStep(0) {
      (
        attentionDropout(weights, rate: 0.5, mode: .training, stream: 0),
        withStep(0) { attentionDropout(weights.reshaped([2, 1, 3, 5]), rate: 0.5, mode: .training, stream: 0) }
      )
    }
    expectEqual(three, four.reshaped([2, 3, 5]))
  }

  @Test func evaluationAndRatesZeroAndOne() {
    let weights = Tensor.full([1, 2, 2], .nan)
    expectTrue(sameBits(attentionDropout(weights, rate: 0.5, mode: .evaluation), weights))
    expectTrue(sameBits(attentionDropout(weights, rate: 0, mode: .training), weights))
    expectEqual(attentionDropout(weights, rate: 1, mode: .training), .zeros([1, 2, 2]))
  }

  @Test func theGradientUsesTheMask() {
    let weights = Tensor.randomNormal([2, 2, 2, 3], dtype: .float64, seed: 1)
    let errors = gradientErrors("attentionDropout", at: [weights]) { x in
      withStep(0) { attentionDropout(x[0], rate: 0.5, mode: .training, stream: 0) }
    }
    expectEqual(errors, [])
  }

  @Test func whatCannotWorkIsRefused() async {
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = attentionDropout(.ones([2, 3]), rate: 0.5, mode: .training)
    }
    expectTrue(message(shape).contains("expected weights: [N, heads, queries, keys] or [N, queries, keys], got [2, 3]"))
    let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = attentionDropout(.ones([2, 3, 3]), rate: .nan, mode: .training)
    }
    expectTrue(message(rate).contains("attentionDropout: expected a rate in 0...1, got nan"))
  }
}
