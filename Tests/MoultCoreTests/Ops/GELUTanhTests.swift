import Foundation
import MoultCore
import MoultTestSupport
import Testing

@Suite struct GELUTanhTests {
  @Test func valuesAndGradientsForAllShapesAndLayouts() {
    expectEqual(
      elementwiseErrors("geluTanh", ulps: 8) {
        geluTanh($0)
      } exact: {
        $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
      }, [])
  }

  @Test func itIsCloseToTheExactForm() {
    let x = samples([400], in: -6..<6, dtype: .float32)
    expectEqual(mismatches(geluTanh(x), gelu(x), absolute: 5e-4), [])
  }

  @Test func farFromZeroItIsReLU() {
    let y = geluTanh(Tensor([40, -40, 0, 1000, -1000, .nan])).scalars(as: Float.self)
    expectTrue(y[0] == 40 && y[1] == 0 && y[2] == 0 && y[3] == 1000 && y[4] == 0 && y[5].isNaN)
  }
}
