import MoultCore
import MoultTestSupport
import Testing

@Suite struct FoldTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("fold") { x, known in
      fold(
        x[0], size: known.size ?? [], kernel: known.kernel ?? [], dilation: known.dilation, padding: known.padding,
        stride: known.stride)
    }
    expectGradients("fold", [[[1, 4, 6]]]) {
      fold($0[0], size: [3, 4], kernel: [2, 2], dilation: [1, 1], stride: [1, 1])
    }
    expectGradients("fold, signals", [[[2, 2, 3]]]) {
      fold($0[0], size: [5], kernel: [2], padding: [1], stride: [2])
    }
  }

  @Test func eachElementComesOncePerWindowThatHoldsIt() {
    let x = samples([2, 3, 6, 8])
    func foldedBack(_ x: Tensor) -> Tensor { fold(unfold(x, kernel: [3, 3]), size: [6, 8], kernel: [3, 3]) }
    let counts = foldedBack(.ones(x.shape, dtype: .float64))
    expectEqual(mismatches(foldedBack(x), x * counts, absolute: 1e-13), [])
  }
}
