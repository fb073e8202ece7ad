import MoultCore
import MoultTestSupport
import Testing

@Suite struct TensorReadingTests {
  @Test func scalarsConvert() {
    let x = Tensor([[1.75, -2], [300, 0]])
    expectTrue(x.scalars(as: Int32.self) == [1, -2, 300, 0] && x.scalars(as: UInt8.self) == [1, 0, 255, 0])
    expectTrue(
      x.scalars(as: Bool.self) == [true, true, true, false] && x.scalars(as: Double.self) == [1.75, -2, 300, 0])
    expectEqual(x.transposed().scalars(as: Float.self), [1.75, 300, -2, 0])
    expectEqual(Tensor([Int64.max], shape: [1]).scalars(as: Int64.self), [.max])
  }

  @Test func oneElementIsAnItemWhateverItsRankAndPlace() {
    let x = Tensor([[1, 2], [3, 4]])
    expectTrue(x[1, 0].item() == 3 && x[1..<2, 1..<2].item() == 4 && x.transposed()[0, 1].item(as: Double.self) == 3)
    expectEqual(Tensor(labels: [7]).item(as: Int64.self), 7)
  }

  @Test func bytesComeInRowMajorOrder() {
    let x = Tensor([0, 1, 2, 3] as [UInt8], shape: [2, 2])
    expectEqual(x.transposed().withContiguousBytes { Array($0) }, [0, 2, 1, 3])
    expectEqual(x[1].withContiguousBytes { Array($0) }, [2, 3])
    expectEqual(Tensor.zeros([0]).withContiguousBytes { $0.count }, 0)
  }

  @Test func severalElementsAreNoItem() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2]).item()
    }
    expectTrue(
      text(result).contains(
        "item(): expected a tensor of one element, got [2]; reduce it first, e.g. with sum() or mean()"))
  }
}
