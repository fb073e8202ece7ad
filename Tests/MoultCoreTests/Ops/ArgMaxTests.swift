import MoultCore
import MoultTestSupport
import Testing

@Suite struct ArgMaxTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("argmax") { x, attributes in x[0].argmax(axis: attributes.axis ?? 0) }, [])
  }

  @Test(arguments: Layout.allCases)
  func everyAxisInEveryLayout(layout: Layout) {
    let x = Tensor([[[1, 5], [7, 2]], [[3, 3], [0, 9]]])
    expectEqual(layout.of(x).argmax(axis: 0), Tensor([1, 0, 0, 1] as [Int64], shape: [2, 2]))
    expectEqual(layout.of(x).argmax(axis: 1), Tensor([1, 0, 0, 1] as [Int64], shape: [2, 2]))
    expectEqual(layout.of(x).argmax(), Tensor([1, 0, 0, 1] as [Int64], shape: [2, 2]))
  }

  @Test func theFirstOfSeveralAndNaNAboveAll() {
    expectEqual(Tensor([2, 7, 7]).argmax().item(as: Int64.self), 1)
    expectEqual(Tensor([2, .nan, .infinity, .nan]).argmax().item(as: Int64.self), 1)
    expectEqual(Tensor([-.infinity, -.infinity]).argmax().item(as: Int64.self), 0)
  }

  @Test func integersAreComparedExactly() {
    expectEqual(Tensor([1 << 53, (1 << 53) + 1] as [Int64], shape: [2]).argmax().item(as: Int64.self), 1)
    expectEqual(Tensor([3, 250, 7] as [UInt8], shape: [3]).argmax().item(as: Int64.self), 1)
  }

  @Test func emptyBatchesGiveEmptyResults() {
    expectEqual(Tensor.zeros([0, 3]).argmax().shape, [0])
  }

  @Test func findsTheMaximum() {
    let x = samples([6, 5])
    expectEqual(gather(x, x.argmax().unsqueezed(axis: 1), axis: 1).squeezed(axis: 1), x.max(axis: 1))
  }

  @Test func anEmptyAxisStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 0]).argmax()
    }
    expectTrue(text(result).contains("argmax: axis 1 of [2, 0] is empty and has no largest element"))
  }
}
