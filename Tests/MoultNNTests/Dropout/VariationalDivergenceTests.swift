import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// The divergence in one pass has the bits of the operations that it stands for.
@Suite struct VariationalDivergenceTests {
  /// Value and gradients of a weighted sum, by one pass or by the chain of operations.
  private func results(_ w: Tensor, _ v: Tensor, _ weights: Tensor, inOnePass: Bool) -> [Tensor] {
    let weight = Parameter(w), logVariance = Parameter(v)
    let y: Tensor
    if inOnePass {
      y = variationalDivergence(weight: weight.value, logVariance: logVariance.value)
    } else {
      let square = weight.value * weight.value
      y = variationalDivergence(logAlpha: logVariance.value - log(square + 1e-8))
    }
    (y * weights).sum().backward()
    return [y.detached()] + [weight.gradient, logVariance.gradient].compactMap(\.self)
  }

  @Test(arguments: [[1], [15], [16], [17, 1], [3, 67], [130, 70]])
  func onePassHasTheBitsOfTheChain(shape: [Int]) {
    let w = Tensor.randomNormal(shape, standardDeviation: 0.3, seed: 1)
    let v = Tensor.randomUniform(shape, in: -14..<4, seed: 2), weights = Tensor.randomNormal(shape, seed: 3)
    for (name, one) in ProcessSettings.underEveryInstructionSet({ results(w, v, weights, inOnePass: true) }) {
      let chain = results(w, v, weights, inOnePass: false)
      expectTrue(one.count == 3 && chain.count == 3)
      for (own, other) in zip(one, chain) { expectTrue(sameBits(own, other), "\(name)") }
    }
  }

  @Test func weightsOfZeroAndNoiseWithoutEndStayFinite() {
    let w = Tensor([0, -0.0, 1e-20, 1e-20] as [Float]), v = Tensor([-90, 90, 0, -20] as [Float])
    for values in results(w, v, .ones([4]), inOnePass: true) {
      expectTrue(values.scalars(as: Float.self).allSatisfy { $0.isFinite }, "\(values)")
    }
  }
}
