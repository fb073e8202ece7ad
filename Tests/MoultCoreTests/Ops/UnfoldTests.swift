import MoultCore
import MoultTestSupport
import Testing

@Suite struct UnfoldTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("unfold") { x, known in
      unfold(
        x[0], kernel: known.kernel ?? [], dilation: known.dilation, padding: known.padding, stride: known.stride)
    }
    expectGradients("unfold", [[[1, 2, 3, 4]], [[0, 1, 3, 3]]]) { unfold($0[0], kernel: [2, 3], padding: [1, 0]) }
    expectGradients("unfold, signals", [[[2, 1, 5]]]) { unfold($0[0], kernel: [2], dilation: [3], stride: [1]) }
  }
}
