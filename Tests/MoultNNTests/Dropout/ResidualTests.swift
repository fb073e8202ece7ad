import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct ResidualTests {
  @Test func aBlockIsAddedToItsInput() {
    let block = Residual(rate: 0.5, Linear(3, 3), stream: 0)
    let x = Tensor.randomNormal([16, 3], seed: 1)
    let y = withStep(0) { block(x) }
    let branch = withStep(0) { dropPath(block.block(x), rate: 0.5, mode: .training, stream: 0) }
    expectEqual(y, x + branch)
    expectEqual(block.evaluating { block(x) }, x + block.block(x))
    expectEqual(block.namedParameters().map(\.name), ["block.weight", "block.bias"])
  }

  /// The input's own gradient always comes through; the branch's where it was kept, rescaled.
  @Test func gradientsComeBothWays() {
    struct Tripled: Module {
      func callAsFunction(_ x: Tensor) -> Tensor { x * 3 }
    }
    let x = Tensor.ones([64, 2]).requiringGradient()
    withStep(0) { Residual(rate: 0.5, Tripled(), stream: 0)(x) }.sum().backward()
    let kept = withStep(0) { dropPath(.ones([64, 2]), rate: 0.5, mode: .training, stream: 0) }
    expectEqual(x.gradient, kept * 3 + 1)
    expectTrue(zeroPattern(kept).contains(true) && zeroPattern(kept).contains(false))
  }

  @Test func withoutARateItIsAPlainResidualBlock() {
    let block = Residual(Linear(3, 3)), x = Tensor.randomNormal([16, 3], seed: 1)
    expectEqual(block(x), x + block.block(x))
    expectEqual(block.dropPath.dropoutState.calls.uses, 0)
  }

  @Test func aBlockThatChangesTheShapeIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Residual(Linear(3, 4))(.ones([2, 3]))
    }
    expectTrue(message(result).contains("Residual: expected a block that keeps the shape [2, 3], got [2, 4]"))
  }
}
