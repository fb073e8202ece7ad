import MoultCore
import MoultNN
import MoultPlatform
import MoultTestSupport
import Testing

@Suite struct VariationalLinearTests {
  /// Power: at 6 standard errors of 2^14 draws a variance that is wrong by 7 % is seen.
  @Test func outputsHaveTheMeanAndVarianceOfNoisyWeights() {
    let layer = withSeed(1) { VariationalLinear(3, 2, stream: 0) }
    layer.logVariance.value = Tensor([[-1, 0, 0.5], [-3, -2, 1]])
    let (x, n) = ([0.5, -1, 2] as [Float], 1 << 14)
    let y = layer(Tensor(x).broadcast(to: [n, 3]))
    let weight = layer.weight.value.scalars(as: Double.self), bias = layer.bias.value.scalars(as: Double.self)
    let variances = layer.logVariance.value.scalars(as: Double.self)
    for unit in 0..<2 {
      let values = y.sliced(axis: 1, unit..<unit + 1).scalars(as: Double.self)
      let mean = (0..<3).reduce(bias[unit]) { $0 + Double(x[$1]) * weight[3 * unit + $1] }
      let variance = (0..<3).reduce(0) {
        $0 + Double(x[$1]) * Double(x[$1]) * exp(Tensor([variances[3 * unit + $1]], shape: [])).item(as: Double.self)
      }
      let got = values.reduce(0, +) / Double(n)
      let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)
      expectLess(abs(got - mean), 6 * (variance / Double(n)).squareRoot())
      expectLess(abs(spread / variance - 1), 6 * (2 / Double(n)).squareRoot())
    }
  }

  @Test func evaluationIsALinearLayerWithoutTheWeightsThatAreNoise() {
    let layer = VariationalLinear(3, 2, stream: 0)
    layer.weight.value = Tensor([[1, 2, 3], [4, 0.01, 6]])
    layer.bias.value = Tensor([10, 20])
    layer.logVariance.value = Tensor([[-8, -8, 6], [-8, -2, -8]])
    // ln α: 6 - ln 9 = 3.8 and -2 - ln 0.0001 = 7.2 are above 3.
    expectLess(abs(layer.sparsity - 2.0 / 6), 1e-6)
    expectEqual(layer.evaluating { layer(Tensor([[1, 1, 1]])) }, Tensor([[13, 30]]))
  }

  /// For inputs that are orthogonal the bound falls apart into one for each weight, whose minimum is known. Let ŵ be
  /// the weight that fits best, s its standard error and z = ŵ / s. Then the bound is least over w at w = ŵ / (1 + α),
  /// where it is
  ///
  ///     z² / 2 · α / (1 + α) + KL(α)
  ///
  /// whose least α is finite for |z| a little above 1 (about 1 / (z² - 1) for large z) and infinite below: such a
  /// weight is noise. Here ŵ is planted: 256 inputs of ±1, columns of a Hadamard matrix, with noise of 0.3, so that s =
  /// 0.3 / 16. Gradients are noisy, so ln α and w are means over the last steps: within 0.03 in practice. A weight that
  /// is noise has no ln α to reach; what counts is that it passes the threshold of 3.
  @Test func weightsBecomeNoiseWhereTheBoundIsLessWithoutThem() {
    let z = [50, -16, 8, -4, 3, -2, 1.5, 0.5, -0.5, 0.25, 0, 0], (n, noise) = (256, 0.3)
    let error = noise / Double(n).squareRoot()
    let layer = withSeed(4) { VariationalLinear(z.count, 1, klScale: 1 / Double(n), stream: 0) }
    let x = Tensor(
      (0..<n).flatMap { row in z.indices.map { (row & ($0 + 1)).nonzeroBitCount.isMultiple(of: 2) ? 1 : -1 as Float } },
      shape: [n, z.count])
    let target = matmul(x, Tensor(z.map { Float($0 * error) }, shape: [z.count, 1]))
    let optimizer = Adam(layer.parameters(), learningRate: 0.02)
    let (steps, averaged) = (3_000, 500)
    var logAlpha = z.map { _ in 0.0 }, weight = logAlpha
    withSeed(5) {
      for step in 0..<steps {
        if step == steps / 3 { optimizer.learningRate = 0.005 }
        if step == steps * 2 / 3 { optimizer.learningRate = 0.001 }
        withStep(step) {
          let (y, terms) = collectingLossTerms { layer(x) }
          let logLikelihood = meanSquaredError(y, target) / (2 * noise * noise)
          optimizer.step(minimizing: logLikelihood + (terms ?? Tensor(0)))
        }
        guard step >= steps - averaged else { continue }
        let values = zip(layer.weight.value.scalars(as: Double.self), layer.logVariance.value.scalars(as: Double.self))
        for (index, (mean, logVariance)) in values.enumerated() {
          logAlpha[index] += (logVariance - log(mean * mean + 1e-8)) / Double(averaged)
          weight[index] += mean / error / Double(averaged)
        }
      }
    }
    for (index, z) in z.enumerated() {
      guard let wanted = leastLogAlpha(z) else {
        expectGreater(logAlpha[index], 3, "z = \(z)")
        continue
      }
      expectLess(abs(logAlpha[index] - wanted), 0.1, "z = \(z): expected ln α \(wanted), got \(logAlpha[index])")
      expectLess(abs(weight[index] - z / (1 + exp(wanted))), 0.1, "z = \(z)")
    }
    expectLess(abs(layer.sparsity - 5.0 / 12), 1e-6)
  }

  /// Where z² / 2 · α / (1 + α) + KL(α) is least, by trying; nil where it falls all the way.
  private func leastLogAlpha(_ z: Double) -> Double? {
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    func bound(_ t: Double) -> Double {
      z * z / 2 * sigmoid(t) + 0.63576 * (1 - sigmoid(1.87320 + 1.48695 * t)) + log(1 + exp(-t)) / 2
    }
    let grid = stride(from: -12.0, to: 12, by: 1e-3).map { (at: $0, bound: bound($0)) }
    guard let least = grid.min(by: { $0.bound < $1.bound }), least.at < 11 else { return nil }
    return least.at
  }

  @Test func outputsAreTheFormulasForTheLawsDraws() {
    let layer = VariationalLinear(3, 2, stream: 0)
    let wide = { (p: Parameter) in p.value.detached().cast(to: .float64) }
    let (weight, bias) = (wide(layer.weight), wide(layer.bias))
    let x = samples([4, 3])
    // The layer in Float32 against its formula in Float64, through the same draws.
    let y = withStep(2) { layer(x.cast(to: .float32)) }
    let normal = withStep(2) { layer.dropoutState.calls.nextUse(.training).normal([4, 2], dtype: .float32) }
    let mean = matmul(x, weight.transposed()) + bias
    let variance = matmul(x * x, exp(wide(layer.logVariance)).transposed()) + 1e-8
    expectTrue(
      mismatches(
        y.detached().cast(to: .float64), mean + sqrt(variance) * normal.cast(to: .float64), absolute: 1e-5,
        relative: 1e-5
      ).isEmpty)
    y.backward(gradient: upstreamGradient([4, 2]).cast(to: .float32))
    for parameter in layer.parameters() { expectTrue(parameter.gradient != nil) }
  }

  @Test func theDivergenceCountsOnceForEachPass() {
    let layer = VariationalLinear(3, 3, klScale: 0.5, stream: 0)
    expectEqual(collectingLossTerms { layer(layer(.ones([2, 3]))) }.terms, layer.klDivergence.detached() * 0.5)
  }

  @Test(arguments: [0.2, 0.5, 0.9]) func aRateSetsTheNoiseOfATypicalWeight(rate: Double) {
    let layer = withSeed(1) { VariationalLinear(200, 100, rate: rate, dtype: .float64) }
    let typical = (layer.weight.value * layer.weight.value).mean().item(as: Double.self)
    let alpha = exp(layer.logVariance.value.detached()).mean().item(as: Double.self) / typical
    // The mean square of 20,000 weights is known to 1 %.
    expectLess(abs(alpha / (rate / (1 - rate)) - 1), 0.05)
    expectTrue(layer.parameters().allSatisfy { $0.dtype == .float64 })
  }

  @Test func itsParametersHaveNames() {
    expectEqual(VariationalLinear(2, 2).namedParameters().map(\.name), ["weight", "logVariance", "bias"])
  }
}
