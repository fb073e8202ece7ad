import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct MultiSampleDropoutTests {
  @Test func averagesTheHeadOverTheMasksOfItsUses() {
    let layer = MultiSampleDropout(0.5, samples: 3, Linear(8, 2), stream: 1)
    let x = Tensor.randomNormal([4, 8], seed: 1)
    let y = withStep(5) { layer(x) }
    let plain = Dropout(0.5, stream: 1)
    let parts = withStep(5) { (0..<3).map { _ in layer.head(plain(x)) } }
    expectEqual(y, (parts[0] + parts[1] + parts[2]) / 3)
    expectNotEqual(parts[0], parts[1])
    expectEqual(withStep(5) { layer.outputs(of: x) }, parts)
  }

  @Test func evaluationAndRateZeroApplyTheHeadOnce() {
    let x = Tensor.randomNormal([4, 8], seed: 1)
    let layer = MultiSampleDropout(0.5, Linear(8, 2))
    expectEqual(layer.evaluating { layer(x) }, layer.head(x))
    expectEqual(layer.evaluating { layer.outputs(of: x).count }, 1)
    let none = MultiSampleDropout(0, Linear(8, 2))
    expectEqual(none(x), none.head(x))
  }

  @Test func rateOneIsTheHeadOfZeros() {
    let layer = MultiSampleDropout(1, samples: 2, Linear(3, 2))
    expectEqual(layer(.full([1, 3], .nan)), layer.head(.zeros([1, 3])))
  }

  @Test func theGradientIsTheMeanOverTheMasks() {
    let layer = MultiSampleDropout(0.5, samples: 4, ReLU(), stream: 0)
    let x = Tensor.ones([2, 64]).requiringGradient()
    let y = withStep(0) { layer(x) }
    y.backward(gradient: .ones([2, 64]))
    expectEqual(x.gradient, y.detached())
  }

  @Test func whatCannotWorkIsRefused() async {
    let samples = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MultiSampleDropout(0.5, samples: 0, ReLU())
    }
    expectTrue(message(samples).contains("MultiSampleDropout: expected at least 1 sample, got 0"))
    let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MultiSampleDropout(.nan, ReLU())
    }
    expectTrue(message(rate).contains("MultiSampleDropout: expected a rate in 0...1, got nan"))
  }
}
