import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Known answers by torch 2.15.0: torch.optim.AdamW(p, lr=0.1, ...) in float64 on the gradients of `threeSteps`.
@Suite struct AdamWTests {
  @Test func itFollowsPyTorch() {
    let weight = threeSteps { AdamW($0, learningRate: 0.1) }
    expectTrue(isClose(weight, [0.7049810963127292, -1.701984093261654, 2.6989870984148796]))
    let decayed = threeSteps { AdamW($0, learningRate: 0.1, weightDecay: 0.5) }
    expectTrue(isClose(decayed, [0.5796325889884402, -1.4370075870627725, 2.2943825928397743]))
  }

  @Test func withoutWeightDecayItIsAdam() {
    let weights = [
      threeSteps { AdamW($0, learningRate: 0.1, weightDecay: 0) }, threeSteps { Adam($0, learningRate: 0.1) },
    ]
    expectEqual(weights[0].detached(), weights[1].detached())
  }
}
