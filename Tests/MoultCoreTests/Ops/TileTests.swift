import MoultCore
import MoultTestSupport
import Testing

@Suite struct TileTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("tile") { x, known in x[0].tiled(known.counts ?? []) }
    try expectAgreesWithPyTorch("repeat_interleave") { x, known in
      x[0].repeatInterleave(known.count ?? 1, axis: known.axis ?? 0)
    }
    expectGradients("tiled") { $0[0].tiled([2, 1, 3]) }
    expectGradients("repeatInterleave") { $0[0].repeatInterleave(2, axis: -1) }
  }
}
