import Foundation
import MoultCore
import MoultTestSupport
import Testing

@Suite struct MishTests {
  /// x tanh(ln(1 + e^x)) by mpmath 1.3 with 40 digits.
  @Test func agreesWithTheDefinition() {
    let x = Tensor([-3, -1, 0, 1, 3] as [Double], shape: [5])
    let y = Tensor(
      [-0.145647461275624587, -0.303401461374108918, 0, 0.865098388267310346, 2.98653500496795732] as [Double],
      shape: [5])
    expectEqual(mismatches(mish(x), y, absolute: 1e-14), [])
  }

  @Test func valuesAndGradientsForAllShapesAndLayouts() {
    expectEqual(
      elementwiseErrors("mish", ulps: 6) {
        mish($0)
      } exact: {
        $0 * tanh(log1p(exp($0)))
      }, [])
  }

  @Test func farFromZeroItIsReLU() {
    let y = mish(Tensor([200, -200, 0, .nan, 30])).scalars(as: Float.self)
    expectTrue(y[0] == 200 && y[1] == 0 && y[2] == 0 && y[3].isNaN && y[4] == 30)
  }
}
