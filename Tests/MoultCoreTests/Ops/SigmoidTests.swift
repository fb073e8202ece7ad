import Foundation
import MoultCore
import MoultTestSupport
import Testing

@Suite struct SigmoidTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("sigmoid") { x, _ in sigmoid(x[0]) }, [])
  }

  @Test func valuesAndGradientsForAllShapesAndLayouts() {
    expectEqual(
      elementwiseErrors("sigmoid") {
        sigmoid($0)
      } exact: {
        1 / (1 + exp(-$0))
      }, [])
  }

  @Test(arguments: [(-103 as Float)...100, -1...1, -20...20, -90 ... -86, 86...90])
  func staysWithinTwoUlps(range: ClosedRange<Float>) {
    expectEqual(
      sweepErrors(range) {
        sigmoid($0)
      } exact: {
        1 / (1 + exp(-$0))
      }, [])
  }

  @Test func saturatesWithoutOverflow() {
    let y = sigmoid(Tensor([.infinity, -.infinity, .nan, 200, -200, 0])).scalars(as: Float.self)
    expectTrue(y[0] == 1 && y[1] == 0 && y[2].isNaN && y[3] == 1 && y[4] == 0 && y[5] == 0.5)
  }

  @Test func oppositesAddUpToOne() {
    let x = samples([100], in: -9..<9)
    expectEqual(mismatches(sigmoid(x) + sigmoid(-x), .ones([100], dtype: .float64), absolute: 1e-15), [])
  }
}
