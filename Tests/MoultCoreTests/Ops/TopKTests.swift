import MoultCore
import MoultTestSupport
import Testing

@Suite struct TopKTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    func top(_ x: Tensor, _ known: OpReference.Attributes) -> (values: Tensor, indices: Tensor) {
      x.topK(known.count ?? 0, axis: known.axis ?? 0, largest: known.descending ?? true)
    }
    try expectAgreesWithPyTorch("topk") { top($0[0], $1).values }
    try expectAgreesWithPyTorch("topk_indices") { top($0[0], $1).indices }
    expectGradients("topK") { $0[0].topK($0[0].shape[0] / 2, axis: 0).values }
  }
}
