import MoultCore
import MoultTestSupport
import Testing

@Suite struct MeanTests {
  @Test func agreesWithPyTorch() throws {
    #expect(
      try OpReference.errors("mean") { x, known in
        x[0].mean(axes: known.axes, keepingDimensions: known.keepingDimensions ?? false)
      } == [])
  }

  @Test(arguments: [[2, 3, 4], [1, 1, 5], [3, 2, 1]])
  func gradients(shape: [Int]) {
    let x = samples(shape)
    #expect(gradientErrors("mean", at: [x]) { $0[0].mean() } == [])
    #expect(gradientErrors("mean 1", at: [x]) { $0[0].mean(axis: 1, keepingDimensions: true) } == [])
    #expect(gradientErrors("mean 0 2", at: [x]) { $0[0].mean(axes: [0, 2]) } == [])
  }

  @Test func ofNothingIsNaNAndOfOneIsItself() {
    #expect(Tensor.zeros([0]).mean().item().isNaN)
    #expect(Tensor(4).mean().item() == 4)
    #expect(Tensor.zeros([0, 3]).mean(axis: 1).shape == [0])
  }

  @Test func shiftsWithItsElements() {
    let x = samples([5, 9])
    #expect(mismatches((x + 3).mean(axis: 1), x.mean(axis: 1) + 3, absolute: 1e-14) == [])
  }

  @Test func integersStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor(labels: [1, 2]).mean()
    }
    #expect(
      text(result).contains("mean: expected a floating-point tensor, got int32 [2]; convert it with cast(to: .float32)")
    )
  }
}
