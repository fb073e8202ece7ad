import MoultCore
import MoultTestSupport
import Testing

@Suite struct IndexSelectTests {
  @Test func rowsComeInAnyOrderAndRepeat() {
    let x = Tensor([[1, 2], [3, 4], [5, 6]])
    for layout in Layout.allCases {
      expectEqual(layout.of(x).indexSelect([2, 0, 2]), Tensor([[5, 6], [1, 2], [5, 6]]))
    }
    expectTrue(x.indexSelect(Tensor(labels: [1])) == Tensor([[3, 4]]) && x.indexSelect([]).shape == [0, 2])
    expectEqual(Tensor.zeros([3, 0]).indexSelect([0, 1]).shape, [2, 0])
    expectEqual(Tensor(labels: [7, 8, 9]).indexSelect([2, 1]), Tensor(labels: [9, 8]))
  }

  @Test func anyAxisAgreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("index_select") { x, known in
      x[0].indexSelect(known.counts ?? [], axis: known.axis ?? 0)
    }
    expectGradients("indexSelect", [[[2, 3]], [[2, 3, 2]], [[0, 3]]]) { $0[0].indexSelect([2, 0, 2], axis: 1) }
  }

  @Test(arguments: [[4], [4, 3], [4, 2, 3], [4, 0]])
  func gradientsOfRows(shape: [Int]) {
    expectEqual(gradientErrors("rows", at: [samples(shape)]) { $0[0].indexSelect([3, 0, 3, 1]) }, [])
  }

  /// The gradient of a row is the sum over the places that it was taken for, in their order.
  @Test func gradientsOfARowThatRepeatsAddUp() {
    let x = Tensor.zeros([3, 40]).requiringGradient(), weights = Tensor.randomNormal([500, 40], seed: 1)
    let indices = (0..<500).map { $0 * 7 % 3 }
    (x.indexSelect(indices) * weights).sum().backward()
    for row in 0..<3 {
      var sum = [Float](repeating: 0, count: 40)
      for (place, index) in indices.enumerated() where index == row {
        for (column, value) in weights[place].scalars(as: Float.self).enumerated() { sum[column] += value }
      }
      expectEqual(x.gradient?[row].scalars(as: Float.self), sum)
    }
  }

  @Test func aRowOutsideStopsTheProgramWithItsPlace() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([[1, 2]]).indexSelect([0, -1])
    }
    expectTrue(text(result).contains("indexSelect: index -1 at place 1 is outside 0..<1"))
  }

  @Test func aMaskIsNoListOfRows() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2]).indexSelect(Tensor([true, false], shape: [2]))
    }
    expectTrue(text(result).contains("indexSelect: expected integer indices of rank 1, got bool [2]"))
  }
}
