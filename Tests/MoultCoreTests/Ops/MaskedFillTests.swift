import MoultCore
import MoultTestSupport
import Testing

@Suite struct MaskedFillTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("masked_fill") { x, known in x[0].maskedFill(x[1], with: known.number ?? 0) }
    expectGradients("maskedFill", matrixShapes) { $0[0].maskedFill($0[0] .> 0, with: 3) }
    let filled = Tensor([1, 2]).maskedFill(Tensor([true, false], shape: [2]), with: -.infinity)
    expectElements(filled, [-.infinity, 2], "maskedFill")
  }
}
