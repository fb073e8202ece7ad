import MoultCore
import MoultTestSupport
import Testing

@Suite struct SliceTests {
  private let x = Tensor([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]])

  @Test func positionsRemoveTheirAxis() {
    expectTrue(x[1] == Tensor([4, 5, 6, 7]) && x[-1] == Tensor([8, 9, 10, 11]) && x[2, 1].item() == 9)
    expectTrue(x[0..., -2] == Tensor([2, 6, 10]) && x[1, 1].shape == [])
  }

  @Test func rangesOfEveryKind() {
    expectTrue(x[1..<3, 0] == Tensor([4, 8]) && x[0...1, 0] == Tensor([0, 4]) && x[1..., 0] == Tensor([4, 8]))
    expectTrue(x[..<2, 0] == Tensor([0, 4]) && x[...1, 0] == Tensor([0, 4]) && x[0..., 1..<3][1] == Tensor([5, 6]))
    expectTrue(x[3...].shape == [0, 4] && x[1..<1].shape == [0, 4] && x[..<0].shape == [0, 4])
  }

  @Test func slicesAreViews() {
    expectTrue(x[1..., 2...].storage === x.storage && x[1..., 2...] == Tensor([[6, 7], [10, 11]]))
    expectTrue(x.transposed()[1..<3, 1] == Tensor([5, 6]) && x[1..., 1...][1, 0..<2] == Tensor([9, 10]))
    expectTrue(x[1].contiguous().storage === x.storage)
  }

  @Test func gradientsGoBackToTheirPlace() {
    let x = samples([3, 4, 2])
    expectEqual(gradientErrors("x[1]", at: [x]) { $0[0][1] }, [])
    expectEqual(gradientErrors("x[0..., 1..<3]", at: [x]) { $0[0][0..., 1..<3] }, [])
    expectEqual(gradientErrors("x[-1, 2..., 0]", at: [x]) { $0[0][-1, 2..., 0] }, [])
    expectEqual(gradientErrors("x[1..<1]", at: [x]) { $0[0][1..<1] }, [])
    expectEqual(gradientErrors("x[0...]", at: [x]) { $0[0][0...] * 2 }, [])
    expectEqual(gradientErrors("overlapping", at: [x]) { $0[0][0..<2] * $0[0][1..<3] }, [])
  }

  @Test func partsPutTogetherAreTheWhole() {
    for cut in 0...3 { expectEqual(concatenate([x[..<cut], x[cut...]]), x) }
  }

  @Test func aPositionOutsideStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([3, 4])[3]
    }
    expectTrue(text(result).contains("subscript: index 3 is outside -3..<3"))
  }

  @Test func aRangeOutsideStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([3, 4])[1..<4]
    }
    expectTrue(text(result).contains("subscript: range 1..<4 is outside 0..<3"))
  }

  @Test func aRangeThatBeginsBehindTheEndStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([3, 4])[4...]
    }
    expectTrue(text(result).contains("subscript: range 4... is outside 0..<3"))
  }

  @Test func rangesDoNotCountFromTheEnd() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([3, 4])[..<(-1)]
    }
    expectTrue(text(result).contains("subscript: range ..<-1 is outside 0..<3"))
  }

  @Test func aClosedRangeBelowZeroStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([3, 4])[...(-2)]
    }
    expectTrue(text(result).contains("subscript: range ...-2 is outside 0..<3"))
  }

  @Test func tooManyIndicesStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([3])[0, 0]
    }
    expectTrue(text(result).contains("subscript: 2 indices for a tensor of shape [3]"))
  }
}
