import MoultCore
import MoultTestSupport
import Testing

@Suite struct MaximumTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("maximum") { x, _ in maximum(x[0], x[1]) }
    expectGradients("maximum", pairsOfShapes) { maximum($0[0], $0[1]) }
    expectGradients("maximum with a number") { maximum($0[0], 0.25) }
  }

  @Test func specialNumbers() {
    expectElements(maximum(oddNumbers, Tensor([1, .nan, 1, -1, 6])), [.nan, .nan, .infinity, -0.0, 6], "maximum")
    expectEqual(maximum(someIntegers, 2), Tensor([3, 2, 2, 2] as [Int32], shape: [4]))
  }
}
