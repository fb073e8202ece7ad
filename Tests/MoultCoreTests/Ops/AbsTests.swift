import MoultCore
import MoultTestSupport
import Testing

@Suite struct AbsTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("abs") { x, _ in abs(x[0]) }, [])
  }

  @Test func valuesAndGradientsForAllShapesAndLayouts() {
    expectEqual(
      elementwiseErrors("abs", ulps: 0) {
        abs($0)
      } exact: {
        abs($0)
      }, [])
  }

  @Test func derivativeAtZeroIsZeroAndNaNStays() {
    let x = Tensor([0, -0.0, .nan, -.infinity]).requiringGradient()
    let y = abs(x)
    expectTrue(y.scalars(as: Float.self)[3] == .infinity && y.scalars(as: Float.self)[2].isNaN)
    y.backward(gradient: Tensor([3, 3, 3, 3]))
    expectEqual(x.gradient?.scalars(as: Float.self).prefix(2), [0, 0])
  }

  @Test func ofNegativeEqualsOfPositive() {
    let x = samples([5, 7], dtype: .float32)
    expectEqual(abs(-x), abs(x))
  }
}
