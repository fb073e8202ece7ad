import MoultCore
import MoultTestSupport
import Testing

@Suite struct FlipTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("flip") { x, known in x[0].flipped(axes: known.axes ?? []) }
    expectGradients("flipped") { $0[0].flipped(axes: [0]) }
    let x = samples([5, 3, 4])
    expectEqual(x.flipped(axes: [0, 2]).flipped(axes: [2, 0]), x)
  }
}
