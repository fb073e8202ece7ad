import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct DropoutTests {
  /// The closed form of a linear layer under dropout of its inputs: the mean is that without dropout and the variance
  /// rate / (1 - rate) Σ w² x². Every row of a batch of one input is a draw; both agree within 5 standard errors at
  /// 2^17.
  @Test(arguments: [0.1, 0.5, 0.8]) func aLinearLayersOutputsHaveTheVarianceOfTheClosedForm(rate: Double) {
    let (draws, inputs, outputs) = (1 << 17, 32, 3)
    let linear = withSeed(1) { Linear(inputs, outputs, dtype: .float64) }
    let x = Tensor.randomNormal([1, inputs], dtype: .float64, seed: 2)
    let weights = linear.weight.value.detached()
    let wanted = linear(x).detached().scalars(as: Double.self)
    let variances = (matmul(x * x, (weights * weights).transposed()) * (rate / (1 - rate))).scalars(as: Double.self)
    let dropout = Dropout(rate, stream: 0)
    let y = withGradients(false) {
      withSeed(4) { withStep(0) { linear(dropout(.ones([draws, 1], dtype: .float64) * x)) } }
    }.scalars(as: Double.self)
    for output in 0..<outputs {
      let errors = (0..<draws).map { y[$0 * outputs + output] - wanted[output] }
      let mean = errors.reduce(0, +) / Double(draws)
      expectLess(abs(mean), 5 * (variances[output] / Double(draws)).squareRoot())
      let square = errors.reduce(0) { $0 + $1 * $1 } / Double(draws)
      let spread = errors.reduce(0) { sum, error in
        let difference = error * error - square
        return sum + difference * difference
      }
      expectLess(abs(square - variances[output]), 5 * spread.squareRoot() / Double(draws))
    }
  }

  // MARK: - Rates

  @Test func rateZeroReturnsItsInputAndDrawsNothing() {
    let layer = Dropout(0)
    let x = Tensor([[1, .nan, -0.0]])
    expectEqual(layer(x).scalars(as: Float.self).map(\.bitPattern), x.scalars(as: Float.self).map(\.bitPattern))
    expectEqual(layer.dropoutState.calls.uses, 0)
  }

  @Test func rateOneGivesZerosNotNaN() {
    let layer = Dropout(1)
    let x = Tensor([[1, .infinity, .nan]]).requiringGradient()
    let y = layer(x)
    expectEqual(y, Tensor([[0, 0, 0]]))
    y.backward(gradient: Tensor([[1, .nan, 3]]))
    expectEqual(x.gradient, Tensor([[0, 0, 0]]))
  }

  @Test func ratesOutsideZeroToOneAreRefused() async {
    let above = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Dropout(1.5) }
    expectTrue(message(above).contains("Dropout: expected a rate in 0...1, got 1.5"))
    let below = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Dropout(-0.1) }
    expectTrue(message(below).contains("Dropout: expected a rate in 0...1, got -0.1"))
    let nan = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Dropout(.nan) }
    expectTrue(message(nan).contains("Dropout: expected a rate in 0...1, got nan"))
  }

  @Test func negativeStreamsAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Dropout(0.5, stream: -1)
    }
    expectTrue(message(result).contains("stream: expected a number in 0..<2^31, got -1"))
  }

  // MARK: - Values

  /// Power: at 6 sigma a sound layer fails once in 5 · 10^8 runs, and a rate that is wrong by 0.01 is seen with
  /// certainty.
  @Test(arguments: [0.5, 0.1, 0.25, 0.9]) func unitsAreZeroWithTheRateAndRescaledElse(rate: Double) {
    let layer = Dropout(rate, stream: 3)
    let count = 1_000 * 1_024
    let values = withSeed(11) { layer(.ones([1_000, 1_024])) }.scalars(as: Float.self)
    let kept = Float(1 / (1 - rate))
    expectTrue(values.allSatisfy { $0 == 0 || $0 == kept })
    let dropped = values.count { $0 == 0 }
    let sigma = (Double(count) * rate * (1 - rate)).squareRoot()
    expectLess(abs(Double(dropped) - Double(count) * rate), 6 * sigma)
  }

  @Test func nanInADroppedUnitDoesNotLeak() {
    let layer = Dropout(0.5, stream: 0)
    let y = layer(.full([64, 64], .nan)).scalars(as: Float.self)
    expectTrue(y.allSatisfy { $0 == 0 || $0.isNaN })
    expectTrue(y.contains(0) && y.contains { $0.isNaN })
  }

  @Test func theGradientUsesTheMaskOfTheForwardPass() {
    let layer = Dropout(0.5, stream: 0)
    let x = Tensor.ones([16, 32]).requiringGradient()
    let y = layer(x)
    _ = layer(.ones([16, 32]))
    let upstream = Tensor.randomNormal([16, 32])
    y.backward(gradient: upstream)
    expectEqual(x.gradient, upstream * y.detached())
  }

  // MARK: - Masks

  @Test func everyUseDrawsANewMask() {
    let layer = Dropout(0.5)
    expectNotEqual(zeroPattern(layer(.ones([8, 64]))), zeroPattern(layer(.ones([8, 64]))))
  }

  @Test func theSameSeedDrawsTheSameMasks() {
    let masks = (0..<2).map { _ in
      withSeed(4) {
        let model = Sequential(Dropout(0.5))
        model.train()
        return (0..<3).map { _ in zeroPattern(model(.ones([4, 32]))) }
      }
    }
    expectEqual(masks[0], masks[1])
  }

  @Test func microBatchesDrawTheMasksOfTheWholeBatch() {
    let layer = Dropout(0.5, stream: 2)
    let x = Tensor.ones([10, 40])
    let whole = withStep(7) { layer(x) }.scalars(as: Float.self)
    let first = withStep(7) { layer(x[0..<6]) }.scalars(as: Float.self)
    let second = withStep(7, firstSample: 6) { layer(x[6..<10]) }.scalars(as: Float.self)
    expectEqual(whole, first + second)
    expectNotEqual(withStep(8) { layer(x) }.scalars(as: Float.self), whole)
  }

  @Test(arguments: [true, false]) func twoDropoutsOfAModelNeverShareMasks(isNumbered: Bool) {
    let layers = (0..<4).map { _ in Dropout(0.5) }
    if isNumbered { Sequential(layers).train() }
    let x = Tensor.ones([8, 64])
    for step in 0..<3 {
      let masks = withStep(step) { layers.map { zeroPattern($0(x)) } }
      expectEqual(Set(masks).count, layers.count)
    }
    expectEqual(Set(layers.map { zeroPattern($0(x)) }).count, layers.count)
  }

  @Test func masksFollowTheLaw() {
    let model = Sequential(Dropout(0.5), Dropout(0.3))
    model.train()
    let x = Tensor.ones([5, 70])
    let drawn = withSeed(9) { withStep(3) { (model.layers[0](x), model.layers[1](x), model.layers[1](x)) } }
    func law(_ layer: UInt32, _ call: UInt32, _ rate: Double) -> [Bool] {
      dropMaskBits(
        seed: 9, layer: layer, call: call, domain: .training, step: 3, rate: rate, sample: 0, rows: 5, units: 70
      ).flatMap { $0 }
    }
    expectEqual(zeroPattern(drawn.0), law(0, 0, 0.5))
    expectEqual(zeroPattern(drawn.1), law(1, 0, 0.3))
    expectEqual(zeroPattern(drawn.2), law(1, 1, 0.3))
  }

  @Test func samplingDrawsFromStreamsOfItsOwn() {
    let layer = Dropout(0.5, stream: 0)
    let x = Tensor.ones([8, 64])
    let (trained, sampled) = withStep(0) { (layer(x), layer.sampling { layer(x) }) }
    expectNotEqual(zeroPattern(trained), zeroPattern(sampled))
    let before = layer.dropoutState.calls.uses
    _ = layer.sampling { layer(x) }
    expectEqual(layer.dropoutState.calls.uses, before, "sampling disturbs the count of training uses")
  }

  @Test func theBatchAxisCarriesTheSamples() {
    let rows = Dropout(0.5, stream: 1)
    let columns = Dropout(0.5, stream: 1, batchAxis: 1)
    let (first, second) = withStep(0) { (rows(.ones([6, 20])), columns(.ones([20, 6]))) }
    expectEqual(first, second.transposed())
  }

  // MARK: - Modes

  @Test func inEvaluationTheModelIsTheSameEveryTimeAndEqualsTheOneWithoutDropout() throws {
    let model = SimpleMLP(inputSize: 20, hiddenSize: 32)
    let plain = SimpleMLP(inputSize: 20, hiddenSize: 32, dropoutRate: 0)
    try plain.load(model.stateDictionary())
    model.eval()
    let x = Tensor.randomNormal([9, 20])
    let y = model(x)
    expectEqual(model(x), y)
    expectEqual(plain(x), y)
    model.train()
    expectNotEqual(model(x), y)
  }

  @Test func inTrainingHalfOfTheHiddenUnitsAreZeroAndTheRestDoubled() throws {
    let model = SimpleMLP()
    let x = Tensor.randomNormal([100, 784])
    let hidden = relu(model.hiddenLayer1(x))
    let values = hidden.scalars(as: Float.self)
    let dropped = model.dropout1(hidden).scalars(as: Float.self)
    var active = 0
    var zeros = 0
    for (before, after) in zip(values, dropped) where before != 0 {
      active += 1
      if after == 0 { zeros += 1 } else if after != 2 * before { Issue.record("\(before) became \(after)") }
    }
    expectGreater(active, 5_000)
    expectLess(abs(Double(zeros) - Double(active) / 2), 6 * (Double(active) / 4).squareRoot())
  }

  @Test func aHandWrittenLoopNeedsNoBookkeeping() {
    let model = SimpleMLP(inputSize: 8, hiddenSize: 16, outputSize: 3)
    let optimizer = SGD(model.parameters(), learningRate: 0.1)
    var masks: Set<[Bool]> = []
    for _ in 0..<5 {
      let loss = crossEntropy(model(.randomNormal([6, 8])), Tensor(labels: [0, 1, 2, 0, 1, 2]))
      optimizer.step(minimizing: loss)
      masks.insert(zeroPattern(model.dropout1(.ones([6, 16]))))
    }
    expectEqual(masks.count, 5)
    expectEqual(model.dropout1.dropoutState.calls.uses, 10)
    expectEqual(model.dropout2.dropoutState.calls.uses, 5)
  }
}
