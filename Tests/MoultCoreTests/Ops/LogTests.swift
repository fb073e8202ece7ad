import Foundation
import MoultCore
import MoultTestSupport
import Testing

@Suite struct LogTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("log") { x, _ in log(x[0]) }, [])
  }

  @Test func valuesAndGradientsForAllShapesAndLayouts() {
    expectEqual(
      elementwiseErrors("log", in: 0.2..<3) {
        log($0)
      } exact: {
        log($0)
      }, [])
  }

  @Test(arguments: [
    (1e-38 as Float)...1e-37, .leastNonzeroMagnitude...1e-38, 0.5...1.5, 0.999...1.001, 1...100, 1e30...3e38,
  ])
  func staysWithinTwoUlps(range: ClosedRange<Float>) {
    expectEqual(
      sweepErrors(range) {
        log($0)
      } exact: {
        log($0)
      }, [])
  }

  @Test func specialValues() {
    let y = log(Tensor([0, -0.0, -1, .nan, .infinity, 1, -.infinity])).scalars(as: Float.self)
    expectTrue(y[0] == -.infinity && y[1] == -.infinity && y[2].isNaN && y[3].isNaN)
    expectTrue(y[4] == .infinity && y[5] == 0 && y[6].isNaN)
  }

  @Test func undoesExp() {
    let x = samples([100], in: -20..<20)
    expectEqual(mismatches(log(exp(x)), x, absolute: 1e-14, relative: 1e-14), [])
  }
}
