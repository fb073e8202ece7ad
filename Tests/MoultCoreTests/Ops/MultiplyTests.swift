import MoultCore
import MoultTestSupport
import Testing

@Suite struct MultiplyTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("mul") { x, _ in x[0] * x[1] }, [])
  }

  @Test func valuesAndGradientsForAllBroadcastsAndLayouts() {
    expectEqual(
      broadcastErrors("multiply") {
        $0 * $1
      } exact: {
        $0 * $1
      }, [])
  }

  @Test func numbersTakeTheTypeOfTheTensor() {
    let x = Tensor([1, 2])
    expectTrue(x * 0.5 == Tensor([0.5, 1]) && 0.5 * x == Tensor([0.5, 1]))
  }

  @Test func anOperandUsedTwiceGetsBothGradients() {
    expectEqual(gradientErrors("x * x", at: [samples([3, 4])]) { $0[0] * $0[0] }, [])
  }

  @Test func byZeroTheOtherOperandGetsNoGradient() {
    let x = samples([4], dtype: .float32).requiringGradient()
    (x * .zeros([4])).backward(gradient: .ones([4]))
    expectEqual(x.gradient, .zeros([4]))
  }

  @Test func distributesOverSums() {
    let a = samples([3, 4]), b = samples([4], seed: 2), c = samples([3, 1], seed: 3)
    expectEqual(mismatches(a * (b + c), a * b + a * c, absolute: 1e-14), [])
  }
}
