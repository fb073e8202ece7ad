import MoultCore
import MoultTestSupport
import Testing

@Suite struct SqrtTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("sqrt") { x, _ in sqrt(x[0]) }, [])
  }

  @Test func valuesAndGradientsForAllShapesAndLayouts() {
    expectEqual(
      elementwiseErrors("sqrt", in: 0.2..<3, ulps: 0.5) {
        sqrt($0)
      } exact: {
        $0.squareRoot()
      }, [])
  }

  @Test func edgesAreAsDocumented() {
    let x = Tensor([0, -1, .infinity]).requiringGradient(), y = sqrt(x)
    expectTrue(y.scalars(as: Float.self)[0] == 0 && y.scalars(as: Float.self)[1].isNaN)
    y.backward(gradient: Tensor([2, 2, 2]))
    expectTrue(x.gradient?.scalars(as: Float.self)[0] == .infinity && x.gradient?.scalars(as: Float.self)[2] == 0)
  }

  @Test func squaresBack() {
    let x = samples([50], in: 0..<9)
    expectEqual(mismatches(sqrt(x) * sqrt(x), x, relative: 1e-15), [])
  }
}
