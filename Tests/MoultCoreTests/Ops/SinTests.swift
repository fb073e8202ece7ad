import MoultCore
import MoultTestSupport
import Testing

@Suite struct SinTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("sin") { x, _ in sin(x[0]) }
    expectGradients("sin", someShapes + [[[]]]) { sin($0[0]) }
    expectElements(sin(Tensor([0, -0.0, .infinity, .nan])), [0, -0.0, .nan, .nan], "sin")
  }
}
