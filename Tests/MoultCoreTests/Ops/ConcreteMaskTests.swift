import MoultCore
import MoultTestSupport
import Testing

/// The soft mask in one pass has the bits of the operations that it stands for.
@Suite struct ConcreteMaskTests {
  /// Value and gradients of a weighted sum, by one pass or by the chain of operations.
  private func results(_ x: Tensor, _ noise: Tensor, _ weights: Tensor, inOnePass: Bool) -> [Tensor] {
    let input = Parameter(x), logit = Parameter(Tensor(Float(-0.4))), scale = Parameter(Tensor(Float(1.7)))
    let y =
      inOnePass
      ? concreteMask(input.value, noise: noise, logit: logit.value, slope: 1.3, scale: scale.value)
      : input.value * (sigmoid((logit.value - noise) * Double(Float(1.3))) * scale.value)
    (y * weights).sum().backward()
    return [y.detached()] + [input, logit, scale].compactMap(\.gradient)
  }

  @Test(arguments: [[1], [15], [16], [17, 1], [3, 67], [130, 70], [2, 3, 5]])
  func onePassHasTheBitsOfTheChain(shape: [Int]) {
    let x = Tensor.randomNormal(shape, seed: 1), noise = Tensor.randomNormal(shape, standardDeviation: 4, seed: 2)
    let weights = Tensor.randomNormal(shape, seed: 3)
    for (name, one) in ProcessSettings.underEveryInstructionSet({ results(x, noise, weights, inOnePass: true) }) {
      let chain = results(x, noise, weights, inOnePass: false)
      expectTrue(one.count == 4 && chain.count == 4)
      for (own, other) in zip(one, chain) { expectTrue(sameBits(own, other), "\(name)") }
    }
  }

  @Test func aTransposedInputKeepsItsOrder() {
    let x = Tensor.randomNormal([5, 40], seed: 1), noise = Tensor.randomNormal([40, 5], seed: 2)
    let one = results(x.transposed(), noise, .ones([40, 5]), inOnePass: true)
    let chain = results(x.transposed(), noise, .ones([40, 5]), inOnePass: false)
    for (own, other) in zip(one, chain) { expectTrue(sameBits(own, other)) }
  }

  @Test func otherShapesAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = concreteMask(.ones([2]), noise: .ones([3]), logit: .zeros([]), slope: 1, scale: .ones([]))
    }
    expectTrue(
      text(result).contains("concreteMask: expected float32 tensors of one shape, got float32 [2], float32 [3]"))
  }
}
