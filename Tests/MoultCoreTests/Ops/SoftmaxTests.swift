import Foundation
import MoultCore
import MoultTestSupport
import Testing

@Suite struct SoftmaxTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("softmax") { x, known in softmax(x[0], axis: known.axis ?? -1) }, [])
  }

  @Test(arguments: [[1], [5], [3, 4], [2, 3, 4], [2, 1, 3], [0, 3], [2, 0], [3, 17]])
  func gradientsForAllAxes(shape: [Int]) {
    for axis in shape.indices {
      expectEqual(gradientErrors("softmax \(axis)", at: [samples(shape)]) { softmax($0[0], axis: axis) }, [])
    }
  }

  @Test(arguments: 1...40)
  func rowsOfAnyLengthAddUpToOneAndAreExact(length: Int) {
    let x = samples([3, length], in: -9..<9, dtype: .float32)
    let y = softmax(x)
    expectEqual(mismatches(y.sum(axis: 1), .ones([3]), absolute: 1e-6), [])
    expectEqual(mismatches(y, softmax(x.cast(to: .float64)).cast(to: .float32), relative: 2e-6), [])
  }

  @Test func largeNumbersDoNotOverflowAndMinusInfinityIsZero() {
    expectEqual(softmax(Tensor([1e30, 1e30])), Tensor([0.5, 0.5]))
    expectEqual(softmax(Tensor([0, -.infinity])), Tensor([1, 0]))
    expectTrue(softmax(Tensor([0, .nan])).scalars(as: Float.self).allSatisfy { $0.isNaN })
    expectTrue(softmax(Tensor([Double.nan, 0], shape: [2])).scalars(as: Double.self).allSatisfy { $0.isNaN })
  }

  @Test func aCommonShiftChangesNothing() {
    let x = samples([4, 6])
    expectEqual(mismatches(softmax(x + 50), softmax(x), absolute: 1e-14), [])
  }

  @Test func anAxisThatIsNotThereStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = softmax(Tensor([1, 2]), axis: 1)
    }
    expectTrue(text(result).contains("softmax: expected an axis in -1..<1, got 1"))
  }
}
