import MoultCore
import MoultTestSupport
import Testing

@Suite struct ShapeTests {
  @Test func stridesAreRowMajor() {
    expectTrue(Shape.rowMajorStrides([2, 3, 4]) == [12, 4, 1] && Shape.rowMajorStrides([]) == [])
    expectEqual(Shape.rowMajorStrides([2, 0, 4]), [4, 4, 1])
  }

  @Test func extentsOfOneMayHaveAnyStride() {
    expectTrue(
      Shape.isRowMajor([2, 1, 3], [3, 99, 1]) && Shape.isRowMajor([5, 0], [7, 7]) && Shape.isRowMajor([], []))
    expectTrue(
      !Shape.isRowMajor([2, 3], [1, 2]) && !Shape.isRowMajor([2, 3], [6, 2]) && !Shape.isRowMajor([2, 3], [0, 1]))
  }

  @Test(arguments: [
    ([2, 3], [3], [2, 3]), ([3, 1], [1, 4], [3, 4]), ([], [5], [5]), ([0], [1], [0]), ([1], [0], [0]), ([], [], []),
    ([2, 1, 3], [5, 1], [2, 5, 3]),
  ])
  func broadcastingAlignsTheLastAxis(a: [Int], b: [Int], both: [Int]) {
    expectTrue(Shape.broadcast(a, b) == both && Shape.broadcast(b, a) == both)
  }

  @Test(arguments: [([2], [3]), ([0], [2]), ([2, 3], [2])])
  func othersDoNotBroadcast(a: [Int], b: [Int]) {
    expectTrue(Shape.broadcast(a, b) == nil && Shape.broadcast(b, a) == nil)
  }

  @Test func axesCountFromBothEnds() {
    expectTrue(
      Shape.axis(-1, rank: 3, "test") == 2 && Shape.axis(0, rank: 3, "test") == 0
        && Shape.axis(-3, rank: 3, "test") == 0)
    expectTrue(Shape.count([2, 3], "test") == 6 && Shape.count([], "test") == 1 && Shape.count([5, 0], "test") == 0)
  }

  @Test func aSizeThatOverflowsStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Shape.count([1 << 40, 1 << 40], "Tensor.full")
    }
    expectTrue(
      text(result).contains(
        "Tensor.full: [1099511627776, 1099511627776] is not a shape; extents must be 0 or more and fit memory"))
  }

  @Test func twoViewsWhoseSumOverflowsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([]).broadcast(to: [1 << 31, 1]) + Tensor.ones([]).broadcast(to: [1, 1 << 33])
    }
    expectTrue(text(result).contains("add: [2147483648, 8589934592] is not a shape"))
  }

  @Test func integerViewsWhoseSumOverflowsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let one = Tensor(labels: [1]).reshaped([])
      _ = one.broadcast(to: [1 << 31, 1]) + one.broadcast(to: [1, 1 << 33])
    }
    expectTrue(text(result).contains("add: [2147483648, 8589934592] is not a shape"))
  }

  @Test func aNegativeExtentStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, -1])
    }
    expectTrue(text(result).contains("Tensor.full: [2, -1] is not a shape; extents must be 0 or more and fit memory"))
  }
}
