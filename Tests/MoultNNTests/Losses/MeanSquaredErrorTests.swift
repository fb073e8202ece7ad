import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Known answers by torch 2.15.0: torch.nn.functional.mse_loss in float64.
@Suite struct MeanSquaredErrorTests {
  @Test func itFollowsPyTorch() {
    let x = Tensor([1, -2, 0.75, 0, 3, -1] as [Double], shape: [2, 3]).requiringGradient()
    let loss = meanSquaredError(x, Tensor([0.5, 1, 0, 2, 3, -4] as [Double], shape: [2, 3]))
    expectEqual(loss.shape, [])
    expectTrue(isClose(loss, [3.8020833333333335]))
    (loss * 2.0).backward()
    let expected = [0.16666666666666666, -1.0, 0.25, -0.6666666666666666, 0.0, 1.0].map { 2 * $0 }
    expectEqual(x.gradient.map { isClose($0, expected) }, true)
  }

  @Test func shapesThatWouldBroadcastAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = meanSquaredError(.zeros([4, 1]), .zeros([4]))
    }
    expectTrue(message(result).contains("meanSquaredError: expected targets: [4, 1], got [4]; nothing is broadcast"))
  }

  @Test func anEmptyBatchIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = meanSquaredError(.zeros([0, 1]), .zeros([0, 1]))
    }
    expectTrue(message(result).contains("meanSquaredError: expected at least one element, got [0, 1]"))
  }
}
