import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Known answers by torch 2.15.0: torch.optim.Adam(p, lr=0.1, ...) in float64 on the gradients of `threeSteps`.
@Suite struct AdamTests {
  @Test func itFollowsPyTorch() {
    let weight = threeSteps { Adam($0, learningRate: 0.1) }
    expectTrue(isClose(weight, [0.7076816791153657, -1.7076816770616812, 2.707681683222735]))
  }

  @Test func allSettingsFollowPyTorch() {
    let weight = threeSteps {
      Adam($0, learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1)
    }
    expectTrue(isClose(weight, [0.7031252720067115, -1.7030178863530685, 2.700070822733145]))
  }

  @Test func theFirstStepIsTheLearningRateWhateverTheGradient() {
    let weight = parameter([0, 0, 0])
    let optimizer = Adam([weight], learningRate: 0.5, epsilon: 0)
    optimizer.step(minimizing: (weight.value * Tensor([1e-4, -3, 70] as [Double], shape: [3])).sum())
    expectTrue(isClose(weight.value, [-0.5, 0.5, -0.5]))
    let state = optimizer.stateDictionary()
    expectEqual(state.keys.sorted(), ["adam.first.0", "adam.second.0", "steps"])
    expectEqual(state["steps"], Tensor([1] as [Int64], shape: [1]))
  }

  @Test(arguments: [-5, 3] as [Int64])
  func countsWithoutSenseAreRefused(count: Int64) {
    let adam = Adam([Parameter(Tensor([1, 2]))])
    #expect(throws: MoultError.self) { try adam.load(["steps": Tensor([count], shape: [1])]) }
  }
}
