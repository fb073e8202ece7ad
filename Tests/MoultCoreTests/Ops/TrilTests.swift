import MoultCore
import MoultTestSupport
import Testing

@Suite struct TrilTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("tril") { x, known in x[0].tril(diagonal: known.diagonal ?? 0) }
    try expectAgreesWithPyTorch("triu") { x, known in x[0].triu(diagonal: known.diagonal ?? 0) }
    expectGradients("tril", matrixShapes) { $0[0].tril() }
    expectGradients("triu", matrixShapes) { $0[0].triu(diagonal: 1) }
  }

  @Test func bothTrianglesAddUpToTheMatrix() {
    let x = samples([5, 3, 4])
    expectEqual(x.tril() + x.triu(diagonal: 1), x)
    expectEqual(Tensor.ones([2, 2], dtype: .bool).tril(), Tensor([true, false, true, true], shape: [2, 2]))
  }
}
