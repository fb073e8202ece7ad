import MoultCore
import MoultTestSupport
import Testing

@Suite struct DivideTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("div") { x, _ in x[0] / x[1] }, [])
  }

  @Test func valuesAndGradientsForAllBroadcastsAndLayouts() {
    expectEqual(
      broadcastErrors("divide", in: (-2..<2, 0.5..<2)) {
        $0 / $1
      } exact: {
        $0 / $1
      }, [])
  }

  @Test func numbersTakeTheTypeOfTheTensor() {
    let x = Tensor([1, 2])
    expectTrue(x / 2 == Tensor([0.5, 1]) && 2 / x == Tensor([2, 1]))
  }

  @Test func byZeroIsInfiniteAndZeroByZeroIsNaN() {
    let y = (Tensor([1, -1, 0]) / Tensor([0, 0, 0])).scalars(as: Float.self)
    expectTrue(y[0] == .infinity && y[1] == -.infinity && y[2].isNaN)
  }

  @Test func aNumberByItselfIsOne() {
    let x = samples([3, 5], in: 0.1..<4, dtype: .float32)
    expectEqual(x / x, .ones([3, 5]))
  }
}
