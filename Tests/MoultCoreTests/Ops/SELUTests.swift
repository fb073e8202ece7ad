import Foundation
import MoultCore
import MoultTestSupport
import Testing

private let scale = 1.0507009873554805, alpha = 1.6732632423543772

@Suite struct SELUTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("selu") { x, _ in selu(x[0]) }, [])
  }

  @Test func valuesAndGradientsForAllShapesAndLayouts() {
    expectEqual(
      elementwiseErrors("selu") {
        selu($0)
      } exact: {
        $0 > 0 ? scale * $0 : scale * alpha * expm1($0)
      }, [])
  }

  @Test func theDerivativeAtZeroIsThatFromTheLeft() {
    let x = Tensor([0]).requiringGradient()
    selu(x).backward(gradient: Tensor([1]))
    expectEqual(x.gradient, Tensor([Float(scale * alpha)]))
  }

  @Test func farBelowZeroItStaysAboveItsMinimum() {
    let y = selu(Tensor([-40, -.infinity, .infinity, .nan, 2])).scalars(as: Float.self)
    expectTrue(
      y[0] == -Float(scale * alpha) && y[1] == y[0] && y[2] == .infinity && y[3].isNaN && y[4] == Float(2 * scale))
  }

  /// λ and α are the solution of: mean 0 and variance 1 in, mean 0 and variance 1 out.
  @Test func aNormalVariableKeepsItsMeanAndVariance() {
    let half = erfc(1 / 2.0.squareRoot()) / 2, twice = erfc(2 / 2.0.squareRoot()) / 2  // Φ(-1), Φ(-2)
    let density = 1 / (2 * Double.pi).squareRoot()
    let mean = scale * (density + alpha * (exp(0.5) * half - 0.5))
    let square = scale * scale * (0.5 + alpha * alpha * (exp(2) * twice - 2 * exp(0.5) * half + 0.5))
    expectTrue(abs(mean) < 1e-15 && abs(square - 1) < 1e-15)
  }
}
