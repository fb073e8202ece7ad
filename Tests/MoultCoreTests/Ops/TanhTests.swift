import Foundation
import MoultCore
import MoultTestSupport
import Testing

@Suite struct TanhTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("tanh") { x, _ in tanh(x[0]) }, [])
  }

  @Test func valuesAndGradientsForAllShapesAndLayouts() {
    expectEqual(
      elementwiseErrors("tanh") {
        tanh($0)
      } exact: {
        tanh($0)
      }, [])
  }

  @Test(arguments: [(-10 as Float)...10, 0.6...0.65, -1e-3...1e-3, -1e-38...1e-38, -100...100])
  func staysWithinTwoUlps(range: ClosedRange<Float>) {
    expectEqual(
      sweepErrors(range) {
        tanh($0)
      } exact: {
        tanh($0)
      }, [])
  }

  @Test func specialValues() {
    let subnormal = Float.leastNormalMagnitude / 128
    let y = tanh(Tensor([.infinity, -.infinity, .nan, -0.0, 1e30, -subnormal])).scalars(as: Float.self)
    expectTrue(
      y[0] == 1 && y[1] == -1 && y[2].isNaN && y[3] == 0 && y[3].sign == .minus && y[4] == 1 && y[5] == -subnormal)
  }

  @Test func isOddToTheBit() {
    let x = samples([300], in: -12..<12, dtype: .float32)
    expectTrue(sameBits(tanh(-x), -tanh(x)))
  }
}
