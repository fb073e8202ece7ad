import MoultCore
import MoultTestSupport
import Testing

@Suite struct LogSoftmaxTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("log_softmax") { x, known in logSoftmax(x[0], axis: known.axis ?? -1) }, [])
  }

  @Test(arguments: [[1], [5], [3, 4], [2, 3, 4], [2, 1, 3], [0, 3], [2, 0], [3, 17]])
  func gradientsForAllAxes(shape: [Int]) {
    for axis in shape.indices {
      expectEqual(gradientErrors("logSoftmax \(axis)", at: [samples(shape)]) { logSoftmax($0[0], axis: axis) }, [])
    }
  }

  @Test(arguments: 1...40)
  func rowsOfAnyLengthAreExact(length: Int) {
    let x = samples([3, length], in: -9..<9, dtype: .float32)
    expectEqual(mismatches(logSoftmax(x), logSoftmax(x.cast(to: .float64)).cast(to: .float32), absolute: 4e-6), [])
  }

  @Test func keepsWhatSoftmaxRoundsAway() {
    expectEqual(logSoftmax(Tensor([1000, 0])), Tensor([0, -1000]))
  }

  @Test func isTheLogarithmOfSoftmax() {
    let x = samples([4, 6])
    expectEqual(mismatches(logSoftmax(x, axis: 0), log(softmax(x, axis: 0)), absolute: 1e-13), [])
  }
}
