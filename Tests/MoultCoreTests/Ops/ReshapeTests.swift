import MoultCore
import MoultTestSupport
import Testing

@Suite struct ReshapeTests {
  @Test(arguments: [
    ([2, 6], [3, 4]), ([2, 6], [-1]), ([12], [2, -1, 3]), ([], [1, 1]), ([0, 3], [3, 0]), ([1, 1], []), ([0], [0, 5]),
  ])
  func keepsRowMajorOrderAndGradients(from: [Int], to: [Int]) {
    let x = samples(from)
    for layout in Layout.allCases {
      expectEqual(layout.of(x).reshaped(to).scalars(as: Double.self), x.scalars(as: Double.self))
    }
    expectEqual(gradientErrors("reshaped", at: [x]) { $0[0].reshaped(to) }, [])
  }

  @Test func isAViewWhereItCanBe() {
    let x = samples([2, 6])
    expectTrue(x.reshaped([3, 4]).storage === x.storage && x.transposed().reshaped([12]).storage !== x.storage)
  }

  @Test func flatteningMakesOneAxisOfTheRest() {
    let x = samples([2, 3, 4])
    expectTrue(
      x.flattened().shape == [2, 12] && x.flattened(from: 0).shape == [24] && x.flattened(from: -1).shape == [2, 3, 4])
    expectTrue(Tensor.zeros([0, 28, 28]).flattened().shape == [0, 784] && Tensor(1).flattened().shape == [1])
    expectEqual(Tensor.zeros([2]).flattened().shape, [2, 1])
    expectEqual(gradientErrors("flattened", at: [x]) { $0[0].flattened() }, [])
  }

  @Test func anotherNumberOfElementsStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2, 3]).reshaped([4, 2])
    }
    expectTrue(text(result).contains("reshaped: [2, 3] has 6 elements, [4, 2] holds 8"))
  }

  @Test func anExtentThatDoesNotFitStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2, 3]).reshaped([4, -1])
    }
    expectTrue(text(result).contains("reshaped: 6 elements of [2, 3] do not fill [4, -1]"))
  }
}
