import MoultCore
import MoultTestSupport
import Testing

@Suite struct ConcatenateTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("cat") { x, known in concatenate(x, axis: known.axis ?? 0) }, [])
  }

  @Test(arguments: [
    ([2, 3], [1, 3], 0), ([2, 3], [2, 5], 1), ([2, 0], [2, 3], -1), ([2, 1, 3], [2, 4, 3], 1), ([1], [6], 0),
  ])
  func gradients(a: [Int], b: [Int], axis: Int) {
    let inputs = [samples(a, seed: 1), samples(b, seed: 2)]
    expectEqual(gradientErrors("concatenate", at: inputs) { concatenate([$0[0], $0[1], $0[0]], axis: axis) }, [])
  }

  @Test func stackingMakesANewAxisAnywhere() {
    let a = Tensor([1, 2]), b = Tensor([3, 4])
    expectTrue(stack([a, b]) == Tensor([[1, 2], [3, 4]]) && stack([a, b], axis: 1) == Tensor([[1, 3], [2, 4]]))
    expectEqual(stack([a, b], axis: -1), stack([a, b], axis: 1))
    expectEqual(stack([Tensor(1), Tensor(2)]), Tensor([1, 2]))
    expectEqual(gradientErrors("stack", at: [samples([2, 3]), samples([2, 3], seed: 2)]) { stack($0, axis: 1) }, [])
  }

  @Test(arguments: DType.allCases)
  func everyTypeInEveryLayout(dtype: DType) {
    let a = Tensor([[0, 1], [2, 3]]).cast(to: dtype), b = Tensor([[4, 0]]).cast(to: dtype)
    let wanted = Tensor([[0, 1], [2, 3], [4, 0]]).cast(to: dtype)
    for layout in Layout.allCases { expectEqual(concatenate([layout.of(a), layout.of(b)]), wanted) }
  }

  @Test func slicesComeBackOut() {
    let a = samples([3, 2]), b = samples([3, 5], seed: 2), joined = concatenate([a, b], axis: 1)
    expectTrue(joined[0..., ..<2] == a && joined[0..., 2...] == b)
  }

  @Test func shapesThatDifferElsewhereStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = concatenate([.ones([2, 3]), .ones([2, 4])])
    }
    expectTrue(
      text(result).contains(
        "concatenate: tensor 0 is [2, 3] float32, tensor 1 is [2, 4] float32; all must agree but for axis 0"))
  }

  @Test func nothingToJoinStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = concatenate([]) }
    expectTrue(text(result).contains("concatenate: expected at least one tensor, got none"))
  }
}
