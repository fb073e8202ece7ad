import MoultCore
import MoultTestSupport
import Testing

@Suite struct CompoundAssignmentTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("assignments") { x, _ in assigned(x[0], x[1]) }
    expectGradients("compound assignment", [[[2, 3], [3]]]) { assigned($0[0], $0[1]) }
  }

  @Test func integers() {
    var total = someIntegers
    total += someIntegers
    total *= 2
    total -= 1
    expectEqual(total, Tensor([11, 3, 7, 3] as [Int32], shape: [4]))
  }

  private func assigned(_ a: Tensor, _ b: Tensor) -> Tensor {
    var y = a
    y += b
    y -= 2
    y *= a
    y /= b + 5
    y -= b
    y += 1
    y *= 3
    y /= 4
    return y
  }
}
