import Foundation
import MoultCore
import MoultTestSupport
import Testing

@Suite struct GELUTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("gelu") { x, _ in gelu(x[0]) }, [])
  }

  @Test func valuesAndGradientsForAllShapesAndLayouts() {
    expectEqual(
      elementwiseErrors("gelu") {
        gelu($0)
      } exact: {
        $0 / 2 * (1 + erf($0 / 2.0.squareRoot()))
      }, [])
  }

  @Test func farFromZeroItIsTheRectifier() {
    let y = gelu(Tensor([40, -40, 0, 1000, -1000, .nan])).scalars(as: Float.self)
    expectTrue(y[0] == 40 && y[1] == 0 && y[2] == 0 && y[3] == 1000 && y[4] == 0 && y[5].isNaN)
  }

  @Test func differsFromItsMirrorImageByTheIdentity() {
    let x = samples([60], in: -5..<5)
    expectEqual(mismatches(gelu(x) - gelu(-x), x, absolute: 1e-14), [])
  }
}
