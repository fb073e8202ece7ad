import MoultCore
import MoultTestSupport
import Testing

@Suite struct RollTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("roll") { x, known in x[0].rolled(by: known.count ?? 0, axis: known.axis ?? 0) }
    expectGradients("rolled") { $0[0].rolled(by: 2, axis: -1) }
    expectEqual(someIntegers.rolled(by: 1, axis: 0), Tensor([1, 3, 1, 2] as [Int32], shape: [4]))
    let x = samples([5, 3, 4])
    expectEqual(x.rolled(by: 3, axis: 2).rolled(by: -3, axis: 2), x)
  }
}
