import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct WeightDropTests {
  @Test func weightsAreZeroOrRescaledByTheLaw() {
    let weight = Tensor.ones([8, 16])
    let layer = WeightDrop(0.25, stream: 2)
    let y = withSeed(1) { withStep(4, firstSample: 9) { layer(weight) } }
    let dropped = dropMaskBits(
      seed: 1, layer: 2, call: 0, domain: .training, step: 4, rate: 0.25, sample: 0, rows: 1, units: 128)[0]
    expectEqual(y.shape, [8, 16])
    expectEqual(y.scalars(as: Float.self), dropped.map { $0 ? 0 : Float(1 / 0.75) })
    let functional = withSeed(1) { withStep(4) { weightDrop(weight, rate: 0.25, mode: .training, stream: 2) } }
    expectEqual(functional, y)
  }

  @Test func evaluationAndRateZeroReturnTheWeight() {
    let weight = Tensor.full([2, 2], .nan), layer = WeightDrop(0.5)
    expectTrue(sameBits(layer.evaluating { layer(weight) }, weight))
    expectTrue(sameBits(weightDrop(weight, rate: 0.5, mode: .evaluation), weight))
    expectTrue(sameBits(WeightDrop(0)(weight), weight))
    expectEqual(WeightDrop(1)(weight), .zeros([2, 2]))
  }

  @Test func ratesThatAreNoneAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = WeightDrop(.nan) }
    expectTrue(message(result).contains("WeightDrop: expected a rate in 0...1, got nan"))
  }
}
