import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct StandoutTests {
  /// A zero weight and a bias make z known; the shares of kept units are then sigmoid(alpha z + beta).
  @Test func unitsAreKeptWithTheProbabilityOfTheirInput() {
    let layer = Standout(1, 4, alpha: 2, beta: -1, stream: 0)
    layer.linear.weight.value = .zeros([4, 1])
    layer.linear.bias?.value = Tensor([-1, 0.25, 0.5, 2])
    let count = 1 << 14
    let y = withStep(0) { layer(.ones([count, 1])) }.scalars(as: Float.self)
    for (unit, z) in [-1, 0.25, 0.5, 2].enumerated() {
      let column = (0..<count).map { y[4 * $0 + unit] }
      expectTrue(column.allSatisfy { $0 == 0 || $0 == Float(z) })
      let share = sigmoid(Tensor([2 * z - 1], shape: [])).item(as: Double.self)
      expectLess(abs(zScore(successes: column.count { $0 != 0 }, trials: count, probability: share)), 5)
    }
  }

  @Test func evaluationWeighsByTheProbability() {
    let layer = Standout(2, 2, alpha: 1.5, beta: 0.5)
    let x = Tensor([[1, -2]]), z = layer.linear(x)
    expectEqual(layer.evaluating { layer(x) }, sigmoid(z * 1.5 + 0.5) * z)
  }

  @Test(arguments: [0.2, 0.5, 0.9]) func theVariantsRateIsThatOfAUnitWhoseInputIsZero(rate: Double) throws {
    let variant = try unwrapped(DropoutVariant.all.first { $0.name == "standout" })
    guard case .layer(let make) = variant.place else {
      Issue.record("expected a layer in the place of a linear one, got \(variant.place)")
      return
    }
    let layer = try unwrapped(make(3, 2, rate) as? Standout)
    let keep = sigmoid(Tensor([layer.beta], shape: [])).item(as: Double.self)
    expectTrue(layer.alpha == 1 && layer.linear.weight.shape == [2, 3] && abs(keep - (1 - rate)) < 1e-6)
  }

  @Test func theGradientFlowsThroughWhatWasKept() {
    let layer = Standout(3, 64, stream: 0)
    let x = Tensor.randomNormal([4, 3], seed: 1)
    let y = withStep(0) { layer(x) }
    y.backward(gradient: .ones([4, 64]))
    let kept = y.detached() .!= 0
    expectEqual(layer.linear.bias?.gradient, select(kept, .ones([]), .zeros([])).sum(axis: 0))
  }

  @Test func microBatchesDrawTheMasksOfTheWholeBatch() {
    let layer = Standout(3, 16, stream: 0)
    let x = Tensor.randomNormal([10, 3], seed: 1)
    let whole = withStep(1) { layer(x) }
    let parts = [0..<3, 3..<10].map { range in withStep(1, firstSample: range.lowerBound) { layer(x[range]) } }
    expectEqual(zeroPattern(concatenate(parts)), zeroPattern(whole))
  }

  /// The sample of row 0 is in range, those of later rows are not.
  @Test func samplesBeyondTheLawAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let standout = Standout(3, 4, stream: 0), x = Tensor.ones([10, 3])
      _ = withStep(0, firstSample: 4_294_967_290) { standout(x) }
    }
    expectTrue(message(result).contains("random draws: expected sample indices below 2^32 for 10 rows"))
  }

  @Test func numbersThatAreNotFiniteAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Standout(2, 2, beta: .nan)
    }
    expectTrue(message(result).contains("Standout: expected finite alpha and beta, got 1.0 and nan"))
  }
}
