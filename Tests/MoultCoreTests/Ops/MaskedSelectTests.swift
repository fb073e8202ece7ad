import MoultCore
import MoultTestSupport
import Testing

@Suite struct MaskedSelectTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("masked_select") { x, _ in x[0].maskedSelect(x[1]) }
    let mask = Tensor([true, false, true, true, false, true, false, true], shape: [2, 4])
    expectGradients("maskedSelect", [[[2, 4]], [[2, 1]], [[1, 4]], [[]]]) { $0[0].maskedSelect(mask) }
    expectEqual(someIntegers.maskedSelect(someIntegers .> 1), Tensor([3, 2] as [Int32], shape: [2]))
  }
}
