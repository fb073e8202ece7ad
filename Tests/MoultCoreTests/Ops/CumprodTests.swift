import MoultCore
import MoultTestSupport
import Testing

@Suite struct CumprodTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("cumprod") { x, known in x[0].cumprod(axis: known.axis ?? 0) }
    expectGradients("cumprod") { $0[0].cumprod(axis: -1) }
    expectGradients("cumprod, axis 0") { $0[0].cumprod(axis: 0) }
    let zeros = Tensor([1, 0, 2, 3, 0, 1, 0, 2] as [Double], shape: [2, 4])
    expectGradients("cumprod with zeros", [[[2, 4]]]) { ($0[0] * zeros.cast(to: $0[0].dtype)).cumprod(axis: 1) }
  }
}
