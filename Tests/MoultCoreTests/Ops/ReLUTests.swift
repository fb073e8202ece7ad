import MoultCore
import MoultTestSupport
import Testing

@Suite struct ReLUTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("relu") { x, _ in relu(x[0]) }, [])
  }

  @Test func valuesAndGradientsForAllShapesAndLayouts() {
    expectEqual(
      elementwiseErrors("relu", ulps: 0) {
        relu($0)
      } exact: {
        max($0, 0)
      }, [])
  }

  @Test func derivativeAtZeroIsZeroAndNaNStaysWithoutGradient() {
    let x = Tensor([0, -0.0, .nan, 2, -.infinity, .infinity]).requiringGradient(), y = relu(x)
    let values = y.scalars(as: Float.self)
    expectTrue(values[2].isNaN && values[3] == 2 && values[4] == 0 && values[5] == .infinity)
    y.backward(gradient: .full([6], 3))
    expectEqual(x.gradient, Tensor([0, 0, 0, 3, 0, 3]))
  }

  @Test func upstreamNaNDoesNotLeakThroughClosedUnits() {
    let x = Tensor([-1, 1]).requiringGradient()
    relu(x).backward(gradient: Tensor([.nan, 2]))
    expectEqual(x.gradient, Tensor([0, 2]))
  }

  @Test func splitsANumberIntoItsParts() {
    let x = samples([33], dtype: .float32)
    expectEqual(relu(x) - relu(-x), x)
  }
}
