import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct EmbeddingDropoutTests {
  @Test func wholeRowsAreDroppedAsTheLawSays() {
    let table = Tensor.ones([30, 4])
    let y = withSeed(2) {
      withStep(1, firstSample: 7) { embeddingDropout(table, rate: 0.5, mode: .training, stream: 3) }
    }
    let dropped = dropMaskBits(
      seed: 2, layer: 3, call: 0, domain: .training, step: 1, rate: 0.5, sample: 0, rows: 1, units: 30)[0]
    expectTrue(dropped.contains(true) && dropped.contains(false))
    expectEqual(y.scalars(as: Float.self), dropped.flatMap { [Float](repeating: $0 ? 0 : 2, count: 4) })
  }

  @Test func evaluationAndRatesZeroAndOne() {
    let table = Tensor.full([3, 2], .nan)
    expectTrue(sameBits(embeddingDropout(table, rate: 0.5, mode: .evaluation), table))
    expectTrue(sameBits(embeddingDropout(table, rate: 0, mode: .training), table))
    expectEqual(embeddingDropout(table, rate: 1, mode: .training), .zeros([3, 2]))
  }

  @Test func theGradientUsesTheMask() {
    let table = Tensor.randomNormal([6, 3], dtype: .float64, seed: 1)
    let errors = gradientErrors("embeddingDropout", at: [table]) { x in
      withStep(0) { embeddingDropout(x[0], rate: 0.5, mode: .training, stream: 0) }.indexSelect([1, 1, 5, 0])
    }
    expectEqual(errors, [])
  }

  @Test func ratesThatAreNoneAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = embeddingDropout(.ones([2, 2]), rate: .nan, mode: .training)
    }
    expectTrue(message(result).contains("embeddingDropout: expected a rate in 0...1, got nan"))
  }
}
