import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct LayerDropTests {
  @Test func computesTheLayerOrReturnsItsInputAsTheLawSays() {
    let layer = LayerDrop(0.5, Linear(3, 3), stream: 2)
    let x = Tensor.randomNormal([4, 3], seed: 1)
    var skipped = 0
    for step in 0..<32 {
      let y = withSeed(6) { withStep(step, firstSample: 5) { layer(x) } }
      let isDropped = dropMaskBits(
        seed: 6, layer: 2, call: 0, domain: .training, step: UInt32(step), rate: 0.5, sample: 0, rows: 1, units: 1)[0][
          0]
      expectTrue(sameBits(y.detached(), isDropped ? x : layer.layer(x).detached()))
      skipped += isDropped ? 1 : 0
    }
    expectTrue((1...31).contains(skipped))
  }

  @Test func evaluationAndRateZeroComputeAndRateOneSkips() {
    let x = Tensor([[1, 2, 3]])
    let half = LayerDrop(0.5, Linear(3, 3))
    for _ in 0..<8 { expectEqual(half.evaluating { half(x) }, half.layer(x)) }
    let none = LayerDrop(0, Linear(3, 3))
    expectEqual(none(x), none.layer(x))
    expectEqual(none.dropoutState.calls.uses, 0)
    expectEqual(LayerDrop(1, Linear(3, 3))(x), x)
  }

  @Test func aSkippedLayerGetsNoGradient() {
    let layer = LayerDrop(1, Linear(3, 3)), x = Tensor([[1, 2, 3]]).requiringGradient()
    let y = layer(x) * 2
    y.backward(gradient: .ones([1, 3]))
    expectEqual(x.gradient, .full([1, 3], 2))
    expectNil(layer.layer.weight.gradient)
  }

  @Test func whatCannotWorkIsRefused() async {
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LayerDrop(0, Linear(3, 4))(.ones([2, 3]))
    }
    expectTrue(message(shape).contains("LayerDrop: expected a layer that keeps the shape [2, 3], got [2, 4]"))
    let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LayerDrop(.nan, ReLU())
    }
    expectTrue(message(rate).contains("LayerDrop: expected a rate in 0...1, got nan"))
  }
}
