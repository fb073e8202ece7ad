import Foundation
import MoultCore
import MoultTestSupport
import Testing

@Suite struct SiLUTests {
  /// x / (1 + e^-x) by mpmath 1.3 with 40 digits.
  @Test func agreesWithTheDefinition() {
    let x = Tensor([-3, -1, -0.5, 0, 0.5, 1, 3] as [Double], shape: [7])
    let y = Tensor(
      [
        -0.142277619532700343, -0.268941421369995121, -0.188770334399072718, 0, 0.311229665600927282,
        0.731058578630004879, 2.85772238046729966,
      ] as [Double], shape: [7])
    expectEqual(mismatches(silu(x), y, absolute: 1e-15), [])
  }

  @Test func valuesAndGradientsForAllShapesAndLayouts() {
    expectEqual(
      elementwiseErrors("silu", ulps: 3) {
        silu($0)
      } exact: {
        $0 / (1 + exp(-$0))
      }, [])
  }

  @Test func farFromZeroItIsReLU() {
    let y = silu(Tensor([200, -200, 0, .nan])).scalars(as: Float.self)
    expectTrue(y[0] == 200 && y[1] == 0 && y[2] == 0 && y[3].isNaN)
  }
}
