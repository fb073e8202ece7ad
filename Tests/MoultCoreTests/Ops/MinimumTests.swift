import MoultCore
import MoultTestSupport
import Testing

@Suite struct MinimumTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("minimum") { x, _ in minimum(x[0], x[1]) }
    expectGradients("minimum", pairsOfShapes) { minimum($0[0], $0[1]) }
    expectGradients("minimum with a number") { minimum($0[0], -0.25) }
  }

  @Test func specialNumbers() {
    expectElements(minimum(oddNumbers, Tensor([1, .nan, 1, -1, 6])), [.nan, .nan, 1, -1, 5], "minimum")
    expectEqual(
      minimum(someIntegers, someIntegers.flipped(axes: [0])), Tensor([1, 1, 1, 1] as [Int32], shape: [4]))
  }
}
