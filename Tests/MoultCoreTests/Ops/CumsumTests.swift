import MoultCore
import MoultTestSupport
import Testing

@Suite struct CumsumTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("cumsum") { x, known in x[0].cumsum(axis: known.axis ?? 0) }
    expectGradients("cumsum") { $0[0].cumsum(axis: -1) }
    expectGradients("cumsum, axis 0") { $0[0].cumsum(axis: 0) }
  }
}
