import Foundation
import MoultCore
import MoultTestSupport
import Testing

@Suite struct PowTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(
      OpReference.errors("pow") { x, attributes in
        attributes.exponent.map { pow(x[0], $0) } ?? pow(x[0], x[1])
      }, [])
  }

  @Test func aNumberAsBaseAgreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("pow_base") { x, known in pow(known.exponent ?? 0, x[0]) }
    expectGradients("a number to a power") { pow(2, $0[0]) }
  }

  @Test(arguments: [0, 1, 2, 3, 0.5, -1, -0.5, 2.5])
  func numbersAsExponentsForAllShapesAndLayouts(exponent: Double) {
    expectEqual(
      elementwiseErrors("pow", in: 0.3..<2, ulps: 1) {
        pow($0, exponent)
      } exact: {
        pow($0, exponent)
      }, [])
  }

  @Test func tensorsAsExponentsForAllBroadcastsAndLayouts() {
    expectEqual(
      broadcastErrors("pow", in: (0.3..<2, -2..<2)) {
        pow($0, $1)
      } exact: {
        pow($0, $1)
      }, [])
  }

  @Test func zeroToTheZeroIsOneWithFiniteGradients() {
    let x = Tensor([0, 0, 2]).requiringGradient(), e = Tensor([0, 2, 0]).requiringGradient()
    let y = pow(x, e)
    expectEqual(y, Tensor([1, 0, 1]))
    y.backward(gradient: Tensor([1, 1, 1]))
    expectEqual(x.gradient, Tensor([0, 0, 0]))
    expectEqual(e.gradient.map { mismatches($0, Tensor([0, 0, log(2)]), relative: 1e-6) }, [])
  }

  @Test func negativeBasesTakeWholeExponentsOnly() {
    let y = pow(Tensor([-2, -2]), Tensor([3, 0.5])).scalars(as: Float.self)
    expectTrue(y[0] == -8 && y[1].isNaN)
  }

  @Test func exponentsAddUp() {
    let x = samples([20], in: 0.5..<2)
    expectEqual(mismatches(pow(x, 1.25) * pow(x, 0.75), pow(x, 2), relative: 1e-14), [])
  }
}
