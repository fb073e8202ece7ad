import MoultCore
import MoultTestSupport
import Testing

@Suite struct TensorCopyTests {
  @Test(arguments: DType.allCases)
  func everyTypeAndLayoutCopiesInRowMajorOrder(dtype: DType) {
    for shape in awkwardShapes {
      let x = Tensor.arange(shape.reduce(1, *), dtype: .int64).reshaped(shape).cast(to: dtype)
      for layout in Layout.allCases { expectEqual(layout.of(x).contiguous(), x, "\(layout) \(shape)") }
    }
  }

  @Test func layoutsAreWhatTheyClaim() {
    let x = samples([3, 5])
    expectTrue(
      Layout.contiguous.of(x).isContiguous && !Layout.spread.of(x).isContiguous && !Layout.transposed.of(x).isContiguous
    )
    expectTrue(
      Layout.spread.of(x).offset == 1 && Layout.spread.of(x).strides == [10, 2]
        && Layout.transposed.of(x).strides == [1, 3])
  }

  @Test func contiguousTensorsAreNotCopied() {
    let x = samples([4, 4])
    expectTrue(x.contiguous().storage === x.storage && x[1...].contiguous().storage === x.storage)
  }

  @Test func rowsAreVisitedInOrderAndEmptyShapesNot() {
    var visited: [Int] = []
    Strided.forEachRow(shape: [2, 3, 4], strides: [100, 10, 1]) { visited.append($0) }
    expectEqual(visited, [0, 10, 20, 100, 110, 120])
    Strided.forEachRow(shape: [2, 0, 4], strides: [1, 1, 1]) { _ in visited.append(-1) }
    Strided.forEachRow(shape: [2, 4, 0], strides: [1, 1, 1]) { _ in visited.append(-1) }
    expectEqual(visited.count, 6)
  }
}
