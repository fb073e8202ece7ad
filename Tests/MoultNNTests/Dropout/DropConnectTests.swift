import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct DropConnectTests {
  /// Two inputs, three outputs, by hand from the bits of the law.
  @Test func dropsTheWeightsThatTheLawSays() {
    let layer = DropConnect(2, 3, rate: 0.5, stream: 4)
    layer.weight.value = Tensor([[1, 2], [3, 4], [5, 6]])
    layer.bias?.value = Tensor([10, 20, 30])
    let y = withSeed(7) { withStep(2) { layer(Tensor([[1, 1], [2, 3]])) } }
    let dropped = dropMaskBits(
      seed: 7, layer: 4, call: 0, domain: .training, step: 2, rate: 0.5, sample: 0, rows: 1, units: 6)[0]
    expectTrue(dropped.contains(true) && dropped.contains(false))
    let weight: [Float] = (0..<6).map { dropped[$0] ? 0 : Float(2 * ($0 + 1)) }
    func row(_ a: Float, _ b: Float) -> [Float] {
      (0..<3).map { (o: Int) -> Float in
        let sum: Float = weight[2 * o] * a + weight[2 * o + 1] * b
        return Float(10 * (o + 1)) + sum
      }
    }
    expectEqual(y, Tensor([row(1, 1), row(2, 3)]))
  }

  @Test func inEvaluationAndAtRateZeroItIsALinearLayer() throws {
    let layer = DropConnect(8, 5, rate: 0.5), plain = Linear(8, 5)
    try plain.load(layer.stateDictionary())
    let x = Tensor.randomNormal([3, 8], seed: 1)
    expectTrue(sameBits(layer.evaluating { layer(x) }, plain(x)))
    let none = DropConnect(8, 5, rate: 0)
    try none.load(plain.stateDictionary())
    expectTrue(sameBits(none(x), plain(x)))
    expectEqual(none.dropoutState.calls.uses, 0)
  }

  @Test func parametersAreThoseOfALinearLayer() {
    expectEqual(DropConnect(2, 3, rate: 0.5).namedParameters().map(\.name), ["weight", "bias"])
    expectEqual(DropConnect(2, 3, rate: 0.5, bias: false).namedParameters().map(\.name), ["weight"])
  }

  @Test func gradientsAreThoseOfTheDroppedWeights() {
    let weight = DropConnect(4, 3, rate: 0.5, dtype: .float64).weight.value.detached(),
      bias = Tensor([0.5, -1, 2], shape: [3])
    let x = Tensor.randomNormal([5, 4], dtype: .float64, seed: 2)
    let errors = gradientErrors("dropConnect", at: [x, weight, bias]) { inputs in
      linear(
        inputs[0],
        weight: withStep(0) { weightDrop(inputs[1], rate: 0.5, mode: .training, stream: 0) }, bias: inputs[2])
    }
    expectEqual(errors, [])
  }

  /// Small integers, so that every sum is exact in any order: the gradients are those of the layer's own masked weights
  /// to the last bit.
  @Test(arguments: [DType.float32, .float64]) func backwardUsesTheMaskOfTheForwardPassExactly(dtype: DType) {
    let (samples, inputs, outputs) = (5, 37, 19)
    func integers(_ shape: [Int], _ factor: Int) -> Tensor {
      Tensor((0..<shape[0] * shape[1]).map { Double($0 * factor % 15 - 7) }, shape: shape).cast(to: dtype)
    }
    let layer = DropConnect(inputs, outputs, rate: 0.5, dtype: dtype, stream: 0)
    layer.weight.value = integers([outputs, inputs], 11)
    let x = integers([samples, inputs], 4).requiringGradient(), upstream = integers([samples, outputs], 7)
    let y = withSeed(3) { withStep(6) { layer(x) } }
    _ = layer(x)
    withSeed(4) { y.backward(gradient: upstream) }
    let dropped = dropMaskBits(
      seed: 3, layer: 0, call: 0, domain: .training, step: 6, rate: 0.5, sample: 0, rows: 1, units: outputs * inputs)[0]
    let (values, weights, dy) = (
      x.scalars(as: Double.self), layer.weight.value.scalars(as: Double.self), upstream.scalars(as: Double.self)
    )
    var (dx, dw) = ([Double](repeating: 0, count: x.count), [Double](repeating: 0, count: weights.count))
    for n in 0..<samples {
      for o in 0..<outputs {
        for i in 0..<inputs where !dropped[o * inputs + i] {
          dx[n * inputs + i] += dy[n * outputs + o] * 2 * weights[o * inputs + i]
          dw[o * inputs + i] += dy[n * outputs + o] * 2 * values[n * inputs + i]
        }
      }
    }
    expectEqual(x.gradient?.scalars(as: Double.self), dx)
    expectEqual(layer.weight.gradient?.scalars(as: Double.self), dw)
  }

  /// The closed form of the variance, rate / (1 - rate) Σ x² w², against 4096 masks: within 5 standard errors of mean
  /// and variance, where the fourth moment of the about normal outputs is 3 variances squared.
  @Test(arguments: [0.2, 0.5]) func outputsHaveTheMomentsOfTheClosedForm(rate: Double) {
    let layer = DropConnect(64, 6, rate: rate, dtype: .float64, stream: 1)
    let x = Tensor.randomNormal([2, 64], dtype: .float64, seed: 5)
    let (mean, variance) = layer.moments(of: x)
    let count = 4096
    let draws = withGradients(false) { (0..<count).map { step in withStep(step) { layer(x) } } }
    let all = stack(draws).reshaped([count, 12])
    let found = all.mean(axis: 0).scalars(as: Double.self), spread = all.variance(axis: 0).scalars(as: Double.self)
    let wanted = mean.scalars(as: Double.self), wantedSpread = variance.scalars(as: Double.self)
    for i in 0..<12 {
      expectLess(abs(found[i] - wanted[i]), 5 * (wantedSpread[i] / Double(count)).squareRoot())
      expectLess(abs(spread[i] / wantedSpread[i] - 1), 5 * (2 / Double(count)).squareRoot())
    }
  }

  @Test func microBatchesUseTheWeightsOfTheWholeBatch() {
    let layer = DropConnect(6, 4, rate: 0.5, stream: 0)
    let x = Tensor.randomNormal([10, 6], seed: 3)
    let whole = withStep(1) { layer(x) }
    let parts = [0..<3, 3..<10].map { range in withStep(1, firstSample: range.lowerBound) { layer(x[range]) } }
    expectEqual(mismatches(concatenate(parts).detached(), whole.detached(), absolute: 1e-6), [])
  }

  @Test func nanInADroppedWeightDoesNotLeak() {
    let layer = DropConnect(1, 64, rate: 0.5, bias: false, stream: 0)
    layer.weight.value = .full([64, 1], .nan)
    let y = withStep(0) { layer(.ones([1, 1])) }.scalars(as: Float.self)
    expectTrue(y.contains(0) && y.contains { $0.isNaN })
  }

  @Test func rateOneGivesTheBias() {
    let layer = DropConnect(3, 2, rate: 1)
    expectEqual(layer(.ones([1, 3])).reshaped([2]), layer.bias?.value)
  }

  @Test func whatCannotWorkIsRefused() async {
    let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = DropConnect(2, 2, rate: .nan)
    }
    expectTrue(message(rate).contains("DropConnect: expected a rate in 0...1, got nan"))
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = DropConnect(2, 2, rate: 0.5)(.ones([2, 3]))
    }
    expectTrue(message(shape).contains("expected x: [N, 2], got [2, 3]"))
  }
}
