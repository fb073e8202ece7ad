import MoultCore
import MoultTestSupport
import Testing

@Suite struct CosTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("cos") { x, _ in cos(x[0]) }
    expectGradients("cos", someShapes + [[[]]]) { cos($0[0]) }
    expectElements(cos(Tensor([0, -.infinity])), [1, .nan], "cos")
  }
}
