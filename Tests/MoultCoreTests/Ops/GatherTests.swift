import MoultCore
import MoultTestSupport
import Testing

@Suite struct GatherTests {
  @Test func agreesWithPyTorch() throws {
    #expect(try OpReference.errors("gather") { x, known in gather(x[0], x[1], axis: known.axis ?? 0) } == [])
  }

  @Test(arguments: [
    ([3, 4], [3, 2], 1), ([3, 4], [5, 4], 0), ([2, 3, 2], [2, 4, 2], 1), ([4], [7], -1), ([3, 4], [3, 0], 1),
  ])
  func gradients(shape: [Int], indexShape: [Int], axis: Int) {
    let extent = shape[axis < 0 ? axis + shape.count : axis]
    let indices = Tensor((0..<indexShape.reduce(1, *)).map { Int64($0 * 5 % extent) }, shape: indexShape)
    #expect(gradientErrors("gather", at: [samples(shape), indices]) { gather($0[0], $0[1], axis: axis) } == [])
  }

  @Test func rowsComeInAnyOrderAndRepeat() {
    let x = Tensor([[1, 2], [3, 4], [5, 6]])
    for layout in Layout.allCases {
      #expect(layout.of(x).rows(at: [2, 0, 2]) == Tensor([[5, 6], [1, 2], [5, 6]]))
    }
    #expect(x.rows(at: Tensor(labels: [1])) == Tensor([[3, 4]]) && x.rows(at: []).shape == [0, 2])
    #expect(Tensor.zeros([3, 0]).rows(at: [0, 1]).shape == [2, 0])
    #expect(Tensor(labels: [7, 8, 9]).rows(at: [2, 1]) == Tensor(labels: [9, 8]))
  }

  @Test(arguments: [[4], [4, 3], [4, 2, 3], [4, 0]])
  func gradientsOfRows(shape: [Int]) {
    #expect(gradientErrors("rows", at: [samples(shape)]) { $0[0].rows(at: [3, 0, 3, 1]) } == [])
  }

  @Test func gatheringWithAllIndicesInOrderIsTheIdentity() {
    let x = samples([3, 4])
    #expect(
      gather(
        x, stack([Tensor.arange(4, dtype: .int64), .arange(4, dtype: .int64), .arange(4, dtype: .int64)]), axis: 1) == x
    )
  }

  @Test func anIndexOutsideStopsTheProgramWithItsPlace() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gather(Tensor([[1, 2]]), Tensor([0, 1, 2] as [Int64], shape: [1, 3]), axis: 1)
    }
    #expect(text(result).contains("gather: index 2 at place 2 is outside 0..<2, axis 1 of [1, 2]"))
  }

  @Test func aRowOutsideStopsTheProgramWithItsPlace() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([[1, 2]]).rows(at: [0, -1])
    }
    #expect(text(result).contains("rows(at:): index -1 at place 1 is outside 0..<1"))
  }

  @Test func aMaskIsNoListOfRows() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2]).rows(at: Tensor([true, false], shape: [2]))
    }
    #expect(text(result).contains("rows(at:): expected integer indices of rank 1, got bool [2]"))
  }
}
