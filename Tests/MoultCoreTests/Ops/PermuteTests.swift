import MoultCore
import MoultTestSupport
import Testing

@Suite struct PermuteTests {
  @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [-1, -2, -3]])
  func elementsGoWhereTheirAxesGo(order: [Int]) {
    let x = samples([2, 3, 4]), y = x.permuted(order)
    let axes = order.map { $0 < 0 ? $0 + 3 : $0 }
    expectTrue(y.shape == axes.map { x.shape[$0] } && y.storage === x.storage)
    for i in 0..<2 {
      for j in 0..<3 {
        for k in 0..<4 {
          let place = axes.map { [i, j, k][$0] }
          expectEqual(y[place[0], place[1], place[2]], x[i, j, k])
        }
      }
    }
    expectEqual(gradientErrors("permuted", at: [x]) { $0[0].permuted(order) }, [])
    expectEqual(gradientErrors("permuted", at: [samples([2, 0, 1])]) { $0[0].permuted(order) }, [])
  }

  @Test func transposingTwiceIsTheIdentity() {
    let x = samples([2, 3, 4])
    expectTrue(x.transposed().shape == [2, 4, 3] && x.transposed(0, 2).shape == [4, 3, 2])
    expectEqual(x.transposed(0, -1).transposed(-1, 0), x)
    expectEqual(gradientErrors("transposed", at: [x]) { $0[0].transposed(0, 1) }, [])
  }

  @Test func anAxisTwiceStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2, 3]).permuted([0, 0])
    }
    expectTrue(text(result).contains("permuted: expected each axis of [2, 3] once, got [0, 0]"))
  }

  @Test func vectorsHaveNoTranspose() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2]).transposed()
    }
    expectTrue(text(result).contains("transposed: expected a tensor of rank 2 or more, got [2]"))
  }
}
