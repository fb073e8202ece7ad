import MoultCore
import MoultTestSupport
import Testing

@Suite struct EinsumTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("einsum") { x, known in
      switch x.count {
      case 1: einsum(known.equation ?? "", x[0])
      case 2: einsum(known.equation ?? "", x[0], x[1])
      default: einsum(known.equation ?? "", x[0], x[1], x[2])
      }
    }
    expectGradients("product", [[[2, 3], [3, 4]], [[2, 0], [0, 4]]]) { einsum("ij,jk->ki", $0[0], $0[1]) }
    expectGradients("batch", [[[2, 2, 3], [2, 4, 3]]]) { einsum("bqd,bkd->bqk", $0[0], $0[1]) }
    expectGradients("elements", [[[2, 3], [3, 2]]]) { einsum("ij,ji->i", $0[0], $0[1]) }
    expectGradients("bilinear", [[[2, 3], [3, 2], [2, 2]]]) { einsum("bi,ij,bj->b", $0[0], $0[1], $0[2]) }
  }
}
