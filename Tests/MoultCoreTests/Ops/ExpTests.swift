import Foundation
import MoultCore
import MoultTestSupport
import Testing

@Suite struct ExpTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("exp") { x, _ in exp(x[0]) }, [])
  }

  @Test func valuesAndGradientsForAllShapesAndLayouts() {
    expectEqual(
      elementwiseErrors("exp") {
        exp($0)
      } exact: {
        exp($0)
      }, [])
  }

  @Test(arguments: [(-103.97 as Float)...88.72283, -1...1, -1e-3...1e-3, -104.2 ... -86])
  func staysWithinTwoUlps(range: ClosedRange<Float>) {
    expectEqual(
      sweepErrors(range) {
        exp($0)
      } exact: {
        exp($0)
      }, [])
  }

  @Test func specialValues() {
    let y = exp(Tensor([.infinity, -.infinity, .nan, 0, -0.0, 200, -200, 88.7229])).scalars(as: Float.self)
    expectTrue(y[0] == .infinity && y[1] == 0 && y[2].isNaN && y[3] == 1 && y[4] == 1)
    expectTrue(y[5] == .infinity && y[6] == 0 && y[7] == .infinity)
  }

  @Test func sumsBecomeProducts() {
    let a = samples([40], seed: 3), b = samples([40], seed: 4)
    expectEqual(mismatches(exp(a + b), exp(a) * exp(b), relative: 1e-14), [])
  }
}
