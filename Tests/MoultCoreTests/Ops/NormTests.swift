import MoultCore
import MoultTestSupport
import Testing

@Suite struct NormTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("norm") { x, known in
      x[0].norm(known.p ?? .infinity, axes: known.axes, keepingDimensions: known.keepingDimensions ?? false)
    }
    expectGradients("norm 1", someShapes + [[[]]]) { $0[0].norm(1) }
    expectGradients("norm 2") { $0[0].norm(axes: [-1]) }
    expectGradients("norm 3") { $0[0].norm(3, axes: [0], keepingDimensions: true) }
    expectGradients("norm 1.5", [[[2, 3, 2]]]) { $0[0].norm(1.5, axes: [0, -1]) }
    expectGradients("norm of infinity", [[[2, 3, 2]], [[1]]]) { $0[0].norm(.infinity, axes: [-1]) }
  }

  @Test func specialNumbers() {
    expectElements(Tensor([0, 0, -0.0]).norm(axes: [0]).reshaped([1]), [0], "norm of zeros")
    expectElements(Tensor([.nan, 7]).norm(.infinity).reshaped([1]), [.nan], "norm with NaN")
    expectElements(Tensor([Float]()).norm(3).reshaped([1]), [0], "norm of nothing")
  }
}
