import MoultCore
import MoultTestSupport
import Testing

@Suite struct SubtractTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("sub") { x, _ in x[0] - x[1] }, [])
  }

  @Test func valuesAndGradientsForAllBroadcastsAndLayouts() {
    expectEqual(
      broadcastErrors("subtract") {
        $0 - $1
      } exact: {
        $0 - $1
      }, [])
  }

  @Test func numbersTakeTheTypeOfTheTensor() {
    let x = Tensor([1, 2])
    expectTrue(x - 0.5 == Tensor([0.5, 1.5]) && 0.5 - x == Tensor([-0.5, -1.5]))
  }

  @Test func fromItselfIsZeroWithZeroGradient() {
    let x = samples([5], dtype: .float32).requiringGradient(), y = x - x
    expectEqual(y, .zeros([5]))
    y.backward(gradient: Tensor([1, 2, 3, 4, 5]))
    expectEqual(x.gradient, .zeros([5]))
  }

  @Test func addingBackRestores() {
    let a = samples([2, 1, 3]), b = samples([5, 1], seed: 2)
    expectEqual(mismatches(a - b + b, a.broadcast(to: [2, 5, 3]), absolute: 1e-15), [])
  }
}
