import MoultCore
import MoultTestSupport
import Testing

@Suite struct OneHotTests {
  @Test func agreesWithPyTorch() throws {
    try expectAgreesWithPyTorch("one_hot") { x, known in oneHot(x[0], classes: known.count ?? 0, dtype: .int64) }
    expectEqual(oneHot(Tensor(labels: [1, 0]), classes: 2, dtype: .bool).scalars(), [false, true, true, false])
    expectEqual(oneHot(Tensor([Int64](), shape: [0, 2]), classes: 3).shape, [0, 2, 3])
  }
}
