import MoultCore
import MoultTestSupport
import Testing

@Suite struct LinearTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(
      OpReference.errors("linear") { x, _ in linear(x[0], weight: x[1], bias: x.count > 2 ? x[2] : nil) }, [])
  }

  @Test(arguments: [[3, 4], [1, 4], [0, 4], [4], [2, 3, 4], [2, 0, 4], [1, 1, 1, 4]])
  func gradientsWithAndWithoutBias(shape: [Int]) {
    let x = samples(shape, seed: 1), weight = samples([5, 4], seed: 2), bias = samples([5], seed: 3)
    expectEqual(gradientErrors("linear", at: [x, weight, bias]) { linear($0[0], weight: $0[1], bias: $0[2]) }, [])
    expectEqual(gradientErrors("linear", at: [x, weight]) { linear($0[0], weight: $0[1], bias: nil) }, [])
  }

  @Test func layersWithNoInputsOrOutputs() {
    expectEqual(linear(.ones([2, 3, 0]), weight: .ones([5, 0]), bias: nil), .zeros([2, 3, 5]))
    expectEqual(
      linear(.ones([3, 0]), weight: .ones([2, 0]), bias: Tensor([1, 2])), Tensor([[1, 2], [1, 2], [1, 2]]))
    expectEqual(linear(.ones([3, 4]), weight: .ones([0, 4]), bias: nil).shape, [3, 0])
  }

  @Test func isTheProductWithTheTransposedWeights() {
    let x = samples([3, 4]), weight = samples([5, 4], seed: 2), bias = samples([5], seed: 3)
    expectEqual(linear(x, weight: weight, bias: bias), matmul(x, weight.transposed()) + bias)
  }

  @Test func inputsOfTheWrongWidthStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = linear(.ones([2, 3]), weight: .ones([5, 4]), bias: nil)
    }
    expectTrue(text(result).contains("linear: expected x: [..., 4] for weight: [5, 4], got [2, 3]"))
  }

  @Test func aBiasOfTheWrongSizeStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = linear(.ones([2, 4]), weight: .ones([5, 4]), bias: .ones([4]))
    }
    expectTrue(text(result).contains("linear: expected bias: [5], got [4]"))
  }

  @Test func integersAreRefused() async {
    await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = linear(
        Tensor(labels: [1, 2]).reshaped([1, 2]), weight: Tensor(labels: [3, 4]).reshaped([1, 2]), bias: nil)
    }
  }
}
