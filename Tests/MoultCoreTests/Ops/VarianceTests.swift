import MoultCore
import MoultTestSupport
import Testing

@Suite struct VarianceTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(
      OpReference.errors("var") { x, known in
        x[0].variance(
          axis: known.axis ?? 0, correction: known.correction ?? 0, keepingDimensions: known.keepingDimensions ?? false)
      }, [])
  }

  @Test func gradients() {
    let x = samples([3, 5])
    expectEqual(gradientErrors("variance", at: [x]) { $0[0].variance() }, [])
    expectEqual(gradientErrors("variance 0", at: [x]) { $0[0].variance(axis: 0, correction: 1) }, [])
    expectEqual(gradientErrors("variance 1", at: [x]) { $0[0].variance(axes: [-1], keepingDimensions: true) }, [])
    expectEqual(gradientErrors("variance of one", at: [samples([1, 4])]) { $0[0].variance(axis: 0) }, [])
  }

  @Test func tooFewElementsGiveNaN() {
    expectTrue(Tensor([4]).variance(correction: 1).item().isNaN && Tensor.zeros([0]).variance().item().isNaN)
    expectEqual(Tensor([4]).variance().item(), 0)
  }

  @Test func doesNotCareAboutAShiftAndScalesWithTheSquare() {
    let x = samples([4, 9])
    expectEqual(mismatches((3 * x + 100).variance(axis: 1), 9 * x.variance(axis: 1), relative: 1e-11), [])
  }
}
