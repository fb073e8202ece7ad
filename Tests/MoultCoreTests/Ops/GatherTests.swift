import MoultCore
import MoultTestSupport
import Testing

@Suite struct GatherTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("gather") { x, known in gather(x[0], x[1], axis: known.axis ?? 0) }, [])
  }

  @Test(arguments: [
    ([3, 4], [3, 2], 1), ([3, 4], [5, 4], 0), ([2, 3, 2], [2, 4, 2], 1), ([4], [7], -1), ([3, 4], [3, 0], 1),
  ])
  func gradients(shape: [Int], indexShape: [Int], axis: Int) {
    let extent = shape[axis < 0 ? axis + shape.count : axis]
    let indices = Tensor((0..<indexShape.reduce(1, *)).map { Int64($0 * 5 % extent) }, shape: indexShape)
    expectEqual(gradientErrors("gather", at: [samples(shape), indices]) { gather($0[0], $0[1], axis: axis) }, [])
  }

  @Test func gatheringWithAllIndicesInOrderIsTheIdentity() {
    let x = samples([3, 4])
    expectEqual(
      gather(
        x, stack([Tensor.arange(4, dtype: .int64), .arange(4, dtype: .int64), .arange(4, dtype: .int64)]), axis: 1), x)
  }

  @Test func anIndexOutsideStopsTheProgramWithItsPlace() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gather(Tensor([[1, 2]]), Tensor([0, 1, 2] as [Int64], shape: [1, 3]), axis: 1)
    }
    expectTrue(text(result).contains("gather: index 2 at place 2 is outside 0..<2, axis 1 of [1, 2]"))
  }
}
