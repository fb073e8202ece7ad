import MoultCore
import MoultTestSupport
import Testing

@Suite struct AddTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("add") { x, _ in x[0] + x[1] }, [])
  }

  @Test func valuesAndGradientsForAllBroadcastsAndLayouts() {
    expectEqual(
      broadcastErrors("add") {
        $0 + $1
      } exact: {
        $0 + $1
      }, [])
  }

  @Test func numbersTakeTheTypeOfTheTensor() {
    let x = Tensor([1, 2])
    expectTrue(x + 0.5 == Tensor([1.5, 2.5]) && 0.5 + x == Tensor([1.5, 2.5]))
    expectEqual((Tensor([1.0], shape: [1]) + 0.1).scalars(as: Double.self), [1.1])
  }

  @Test func anOperandUsedTwiceGetsBothGradients() {
    let x = samples([3, 4])
    expectEqual(gradientErrors("x + x", at: [x]) { $0[0] + $0[0] }, [])
  }

  @Test func orderDoesNotMatter() {
    let a = samples([3, 1, 17], dtype: .float32, seed: 5), b = samples([2, 17], dtype: .float32, seed: 6)
    expectTrue(sameBits(a + b, b + a))
  }

  @Test func shapesThatDoNotFitStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2, 3]) + Tensor.ones([4])
    }
    expectTrue(
      text(result).contains(
        "add: [2, 3] and [4] do not broadcast together; axes must be equal or 1, counted from the last"))
  }

  @Test func typesThatDifferStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2]) + Tensor.ones([2], dtype: .float64)
    }
    expectTrue(
      text(result).contains(
        "add: expected two tensors of one type, got float32 and float64; convert one with cast(to:)"))
  }
}
