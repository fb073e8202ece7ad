import MoultCore
import MoultTestSupport
import Testing

@Suite struct ClampTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("clamp") { x, known in clamp(x[0], min: known.min, max: known.max) }
    expectGradients("clamp", someShapes + [[[]]]) { clamp($0[0], min: -1, max: 0.5) }
  }

  @Test func specialNumbers() {
    expectElements(clamp(oddNumbers, min: -1, max: 2), [.nan, -1, 2, -0.0, 2], "clamp")
    expectElements(clamp(oddNumbers, min: 3, max: 2), [.nan, 2, 2, 2, 2], "bounds in the wrong order")
    expectEqual(clamp(someIntegers, min: 2), Tensor([3, 2, 2, 2] as [Int32], shape: [4]))
    let x = Tensor([3, .nan]).requiringGradient()
    clamp(x, max: 1).backward(gradient: Tensor([1, 1]))
    expectEqual(x.gradient, Tensor([0, 0]))
  }
}
