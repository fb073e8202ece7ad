import MoultCore
import MoultTestSupport
import Testing

@Suite struct PadTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("pad") { x, known in
      let mode: PaddingMode =
        known.mode == "reflect" ? .reflect : known.mode == "replicate" ? .replicate : .constant(known.number ?? 0)
      return x[0].padded((known.widths ?? []).map { (before: $0[0], after: $0[1]) }, mode: mode)
    }
    expectGradients("padded") { $0[0].padded([(2, 1)], mode: .constant(3)) }
    expectGradients("padded, reflect", [[[3]], [[3, 4]]]) { $0[0].padded([(2, 1)], mode: .reflect) }
    expectGradients("padded, replicate", [[[3]], [[2, 1]]]) { $0[0].padded([(3, 2)], mode: .replicate) }
    expectGradients("padded, two axes", [[[2, 3, 2]]]) { $0[0].padded([(2, 0), (1, 1)], mode: .reflect) }
  }

  @Test func aSliceRemovesThePadding() {
    let x = samples([5, 3, 4])
    expectEqual(x.padded([(1, 2), (0, 3)])[0..., 1..<4, ..<4], x)
    expectEqual(
      someIntegers.padded([(1, 0)], mode: .constant(9)), Tensor([9, 3, 1, 2, 1] as [Int32], shape: [5]))
  }
}
