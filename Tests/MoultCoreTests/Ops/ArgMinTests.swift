import MoultCore
import MoultTestSupport
import Testing

@Suite struct ArgMinTests {
  @Test func agreesWithPyTorch() throws {
    try expectAgreesWithPyTorch("argmin") { x, known in x[0].argmin(axis: known.axis ?? 0) }
  }
}
