import MoultCore
import MoultNN
import MoultPlatform
import MoultTestSupport
import Testing

@Suite struct ConcreteDropoutTests {
  // MARK: - The learned rate

  /// A linear map y = x wᵀ is known; dropout of its inputs costs, in expectation, p / (1 - p) · Σ w² of squared error,
  /// and the entropy term pays for it. Where they balance follows from setting the derivative to 0:
  ///
  ///     Σ w² / (1 - p)² = scale · K · ln((1 - p) / p)
  ///
  /// so a scale can be chosen for any p below 0.5, and the layer must find p. At temperature 0.1 the relaxed mask has
  /// 10 % less variance, which moves the balance by 0.005 to 0.015 for these rates.
  @Test(arguments: [0.1, 0.2, 0.3, 0.4]) func itFindsTheRateThatTheBoundPlants(planted: Double) {
    let (units, samples) = (16, 512)
    let map = Linear(units, 1, bias: false)
    map.weight.value = .ones([1, units])
    let odds = (1 - planted) / planted
    let scale = 1 / ((1 - planted) * (1 - planted) * log(odds))
    let learned = withSeed(2) { () -> Double in
      let layer = ConcreteDropout(planted < 0.25 ? 0.4 : 0.05, rateScale: scale, stream: 0)
      map.freeze()
      let optimizer = Adam([layer.logit], learningRate: 0.05)
      var mean = 0.0
      for step in 0..<600 {
        if step == 300 { optimizer.learningRate = 0.01 }
        let x = Tensor.randomNormal([samples, units], seed: UInt64(step))
        let target = matmul(x, Tensor.ones([units, 1]))
        withStep(step) {
          let (y, terms) = collectingLossTerms { map(layer(x)) }
          optimizer.step(minimizing: meanSquaredError(y, target) + (terms ?? Tensor(0)))
        }
        if step >= 400 { mean += layer.rate / 200 }
      }
      return mean
    }
    expectLess(abs(learned - planted), 0.02, "learned \(learned)")
  }

  /// Data made by dropout at a known rate: the layer finds the rate whose noise has the same spread. A low temperature
  /// makes the relaxed mask's variance that of the hard one, to a factor of 1 - temperature.
  @Test(arguments: [0.15, 0.5, 0.7]) func itFindsTheRateThatMadeTheData(planted: Double) {
    let shape = [1024, 64]
    let data = withSeed(8) { Dropout(planted, stream: 5)(.ones(shape)) }
    func spread(_ y: Tensor) -> Tensor { ((y - 1) * (y - 1)).mean() }
    let target = spread(data)
    let learned = withSeed(9) { () -> Double in
      let layer = ConcreteDropout(0.3, temperature: 0.02, stream: 0)
      let optimizer = Adam([layer.logit], learningRate: 0.05)
      var mean = 0.0
      for step in 0..<200 {
        if step == 100 { optimizer.learningRate = 0.01 }
        withStep(step) {
          let difference = log(spread(layer(.ones(shape)))) - log(target)
          optimizer.step(minimizing: difference * difference)
        }
        if step >= 150 { mean += layer.rate / 50 }
      }
      return mean
    }
    expectLess(abs(learned - planted), 0.02, "learned \(learned)")
  }

  // MARK: - The mask

  @Test func drawsFollowTheLaw() {
    let layer = ConcreteDropout(0.3, temperature: 0.25, stream: 4)
    let x = Tensor.ones([3, 5], dtype: .float64)
    let y = withSeed(9) { withStep(7, firstSample: 10) { layer(x) } }.scalars(as: Double.self)
    let stream = RandomStream(seed: 9, layer: 4, call: 0, domain: .training)
    for row in 0..<3 {
      for (unit, bits) in stream.bits(5, step: 7, sample: 10 + UInt32(row)).enumerated() {
        let u = Double(bits >> 11) * 0x1p-53
        let logit = layer.logit.value.item(as: Double.self)
        let keep = 1 / (1 + exp((logit + log(u) - log(1 - u)) / 0.25))
        expectLess(abs(y[row * 5 + unit] - keep * (1 + exp(logit))), 1e-12)
      }
    }
  }

  @Test func theSofterTheMaskTheFurtherFromZeroOrOne() {
    func undecided(_ temperature: Double) -> Double {
      let values = withSeed(1) { ConcreteDropout(0.5, temperature: temperature, stream: 0)(.ones([256, 256])) }
        .scalars(as: Float.self)
      return Double(values.count { (0.02...1.98).contains($0) }) / Double(values.count)
    }
    expectGreater(undecided(1), 0.9)
    expectLess(undecided(0.1), 0.25)
    expectLess(undecided(0.001), 0.01)
  }

  /// Power: at 5 standard errors of 2^20 draws a mean that is wrong by 0.005 is seen.
  @Test func meanAndVarianceAreThoseOfDropoutAtALowTemperature() {
    for rate in [0.1, 0.5, 0.8] {
      let values = withSeed(3) { ConcreteDropout(rate, temperature: 0.001, stream: 0)(.ones([1024, 1024])) }
        .scalars(as: Double.self)
      let (n, variance) = (Double(values.count), rate / (1 - rate))
      let mean = values.reduce(0, +) / n
      expectLess(abs(mean - 1), 5 * (variance / n).squareRoot() + 1e-4)
      let spread = values.reduce(0) { $0 + ($1 - 1) * ($1 - 1) } / n
      expectLess(abs(spread / variance - 1), 0.02)
    }
  }

  @Test func gradientsAgreeWithDifferencesUnderTheSameDraws() {
    let x = samples([3, 5]), layer = ConcreteDropout(0.3, rateScale: 0.1, temperature: 0.7, stream: 0)
    expectTrue(gradientErrors("ConcreteDropout", at: [x]) { x in withStep(3) { layer(x[0]) } }.isEmpty)
    func loss(_ logit: Double) -> Tensor {
      layer.logit.value = Tensor(Float(logit))
      let (y, terms) = withStep(3) { collectingLossTerms { layer(x) } }
      return (y * upstreamGradient([3, 5])).sum() + (terms ?? .zeros([], dtype: .float64))
    }
    let step = 0x1p-8
    let slope = (loss(-0.5 + step).item(as: Double.self) - loss(-0.5 - step).item(as: Double.self)) / (2 * step)
    layer.logit.clearGradient()
    loss(-0.5).backward()
    expectLess(abs((layer.logit.gradient?.item(as: Double.self) ?? 0) / slope - 1), 1e-3)
  }

  @Test func thePenaltyIsThePapers() {
    let layer = ConcreteDropout(0.2), weight = parameter([1, -2, 0.5, 3, 0, 1], shape: [2, 3])
    let p = layer.rate
    let expected = 0.01 * 15.25 / (1 - p) + 0.1 * 3 * (p * log(p) + (1 - p) * log(1 - p))
    let penalty = layer.penalty(of: weight, weightScale: 0.01, rateScale: 0.1)
    expectLess(abs(penalty.item(as: Double.self) - expected), 1e-6)
  }

  // MARK: - Modes

  @Test func evaluationIsTheIdentityAndSamplingAddsNothingToTheLoss() {
    let layer = ConcreteDropout(0.5, rateScale: 1, stream: 0)
    let x = Tensor.ones([4, 8])
    expectEqual(layer.evaluating { layer(x) }, x)
    let sampled = collectingLossTerms { layer.sampling { layer(x) } }
    expectTrue(sampled.result != x && sampled.terms == nil)
    expectTrue(collectingLossTerms { layer(x) }.terms != nil)
  }

  /// The entropy belongs to the layer's parameter, not to its uses; a second layer has a term of its own.
  @Test func aLayerThatIsUsedTwiceAddsItsTermOnce() {
    let layer = ConcreteDropout(0.3, rateScale: 1, stream: 0), other = ConcreteDropout(0.4, rateScale: 1, stream: 1)
    let x = Tensor.ones([4, 8])
    let once = collectingLossTerms { layer(x) }.terms, apart = collectingLossTerms { other(x) }.terms
    expectTrue(once != nil && collectingLossTerms { layer(layer(x)) }.terms == once)
    expectEqual(collectingLossTerms { other(layer(layer(x))) }.terms, once.flatMap { once in apart.map { once + $0 } })
  }

  @Test func microBatchesDrawTheMasksOfTheWholeBatch() {
    for axis in [0, 1] {
      let layer = ConcreteDropout(0.5, stream: 2, batchAxis: axis)
      let x = Tensor.ones([10, 10])
      let whole = withStep(7) { layer(x) }
      let part = withStep(7, firstSample: 6) { layer(x.sliced(axis: axis, 6..<10)) }
      expectEqual(whole.sliced(axis: axis, 6..<10), part)
    }
  }

  @Test func theLogitIsAParameterLikeAnyOther() {
    let model = Sequential(Linear(2, 2), ConcreteDropout(0.25))
    expectEqual(model.namedParameters().map(\.name), ["0.weight", "0.bias", "1.logit"])
    expectLess(abs(ConcreteDropout(0.25).rate - 0.25), 1e-7)
    expectEqual(model.weights().count, 1)
  }

  @Test func whatIsNoRateIsRefused() async {
    let one = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = ConcreteDropout(1) }
    expectTrue(message(one).contains("ConcreteDropout: expected a rate above 0 and below 1 to start from, got 1.0"))
    let zero = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = ConcreteDropout(0) }
    expectTrue(message(zero).contains("got 0.0; it is learned"))
    let nan = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ConcreteDropout(.nan)
    }
    expectTrue(message(nan).contains("got nan"))
    let cold = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ConcreteDropout(0.1, temperature: 0)
    }
    expectTrue(message(cold).contains("ConcreteDropout: expected a temperature > 0, got 0.0"))
  }
}
