import MoultCore
import MoultTestSupport
import Testing

@Suite struct MeanTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(
      OpReference.errors("mean") { x, known in
        x[0].mean(axes: known.axes, keepingDimensions: known.keepingDimensions ?? false)
      }, [])
  }

  @Test(arguments: [[2, 3, 4], [1, 1, 5], [3, 2, 1]])
  func gradients(shape: [Int]) {
    let x = samples(shape)
    expectEqual(gradientErrors("mean", at: [x]) { $0[0].mean() }, [])
    expectEqual(gradientErrors("mean 1", at: [x]) { $0[0].mean(axis: 1, keepingDimensions: true) }, [])
    expectEqual(gradientErrors("mean 0 2", at: [x]) { $0[0].mean(axes: [0, 2]) }, [])
  }

  @Test func ofNothingIsNaNAndOfOneIsItself() {
    expectTrue(Tensor.zeros([0]).mean().item().isNaN)
    expectEqual(Tensor(4).mean().item(), 4)
    expectEqual(Tensor.zeros([0, 3]).mean(axis: 1).shape, [0])
  }

  @Test func shiftsWithItsElements() {
    let x = samples([5, 9])
    expectEqual(mismatches((x + 3).mean(axis: 1), x.mean(axis: 1) + 3, absolute: 1e-14), [])
  }

  @Test func integersStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor(labels: [1, 2]).mean()
    }
    expectTrue(
      text(result).contains("mean: expected a floating-point tensor, got int32 [2]; convert it with cast(to: .float32)")
    )
  }
}
