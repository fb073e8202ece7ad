import MoultCore
import MoultTestSupport
import Testing

@Suite struct NegateTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("neg") { x, _ in -x[0] }, [])
  }

  @Test func valuesAndGradientsForAllShapesAndLayouts() {
    expectEqual(
      elementwiseErrors("negate", ulps: 0) {
        -$0
      } exact: {
        -$0
      }, [])
  }

  @Test func twiceIsNothingEvenForZeros() {
    let x = Tensor([0, -0.0, 3, -.infinity])
    expectTrue(sameBits(-(-x), x))
    expectEqual((-x).scalars(as: Float.self)[0].sign, .minus)
  }

  @Test func integersStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = -Tensor(labels: [1, 2])
    }
    expectTrue(
      text(result).contains(
        "negate: expected a floating-point tensor, got int32 [2]; convert it with cast(to: .float32)"))
  }
}
