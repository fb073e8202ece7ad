import MoultCore
import MoultNN
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
      #expect(abs(got - mean) < 6 * (variance / Double(n)).squareRoot())
      #expect(abs(spread / variance - 1) < 6 * (2 / Double(n)).squareRoot())
    }
  }

  @Test func evaluationIsALinearLayerWithoutTheWeightsThatAreNoise() {
    let layer = VariationalLinear(3, 2, stream: 0)
    layer.weight.value = Tensor([[1, 2, 3], [4, 0.01, 6]])
    layer.bias.value = Tensor([10, 20])
    layer.logVariance.value = Tensor([[-8, -8, 6], [-8, -2, -8]])
    // ln α: 6 - ln 9 = 3.8 and -2 - ln 0.0001 = 7.2 are above 3.
    #expect(abs(layer.sparsity - 2.0 / 6) < 1e-6)
    #expect(layer.evaluating { layer(Tensor([[1, 1, 1]])) } == Tensor([[13, 30]]))
  }

  /// Two of twelve inputs matter: the weights of the others become noise.
  @Test func weightsThatSayNothingBecomeNoise() {
    let layer = withSeed(4) { VariationalLinear(12, 1, klScale: 1.0 / 256, stream: 0) }
    let x = Tensor.randomNormal([256, 12], seed: 3)
    let noise = Tensor.randomNormal([256, 1], standardDeviation: 0.3, seed: 4)
    let target = x.sliced(axis: 1, 0..<1) * 2 - x.sliced(axis: 1, 1..<2) + noise
    let optimizer = Adam(layer.parameters(), learningRate: 0.02)
    withSeed(5) {
      for step in 0..<1_500 {
        withStep(step) {
          let (y, terms) = collectingLossTerms { layer(x) }
          // The mean negative log-likelihood for a deviation of 0.3.
          optimizer.step(minimizing: meanSquaredError(y, target) / 0.18 + (terms ?? Tensor(0)))
        }
      }
    }
    #expect(layer.sparsity >= 0.4, "\(layer.sparsity)")
    let weight = layer.weight.value.scalars(as: Double.self)
    let variance = layer.logVariance.value.scalars(as: Double.self)
    let doubt = zip(weight, variance).map { exp(Tensor([$1], shape: [])).item(as: Double.self) / ($0 * $0) }
    #expect(doubt[2...].allSatisfy { $0 > 10 * max(doubt[0], doubt[1]) }, "\(doubt)")
    #expect(abs(weight[0] - 2) < 0.15 && abs(weight[1] + 1) < 0.15)
  }

  @Test func outputsAreTheFormulasForTheLawsDraws() {
    let layer = VariationalLinear(3, 2, stream: 0)
    let wide = { (p: Parameter) in p.value.detached().cast(to: .float64) }
    let (weight, bias) = (wide(layer.weight), wide(layer.bias))
    let x = samples([4, 3])
    // The layer in Float32 against its formula in Float64, through the same draws.
    let y = withStep(2) { layer(x.cast(to: .float32)) }
    let normal = withStep(2) { layer.stochasticState.nextUse(.training).normal([4, 2], dtype: .float32) }
    let mean = matmul(x, weight.transposed()) + bias
    let variance = matmul(x * x, exp(wide(layer.logVariance)).transposed()) + 1e-8
    #expect(
      mismatches(
        y.detached().cast(to: .float64), mean + sqrt(variance) * normal.cast(to: .float64), absolute: 1e-5,
        relative: 1e-5
      ).isEmpty)
    y.backward(gradient: upstreamGradient([4, 2]).cast(to: .float32))
    for parameter in layer.parameters() { #expect(parameter.gradient != nil) }
  }

  @Test func itsParametersHaveNames() {
    #expect(VariationalLinear(2, 2).namedParameters().map(\.name) == ["weight", "logVariance", "bias"])
  }
}
