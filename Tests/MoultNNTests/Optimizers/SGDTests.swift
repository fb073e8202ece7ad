import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Known answers by torch 2.15.0: torch.optim.SGD(p, lr=0.1, ...) in float64 on the gradients of `threeSteps`.
@Suite struct SGDTests {
  @Test func plainStepsFollowPyTorch() {
    expectTrue(isClose(threeSteps { SGD($0, learningRate: 0.1) }, [0.7, -1.4, 2.85]))
  }

  @Test func momentumFollowsPyTorch() {
    let weight = threeSteps { SGD($0, learningRate: 0.1, momentum: 0.9) }
    expectTrue(isClose(weight, [0.5245, -1.049, 2.7622500000000003]))
  }

  @Test func nesterovFollowsPyTorch() {
    let weight = threeSteps { SGD($0, learningRate: 0.1, momentum: 0.9, nesterov: true) }
    expectTrue(isClose(weight, [0.27205, -0.5441, 2.636025]))
  }

  @Test func weightDecayFollowsPyTorch() {
    let weight = threeSteps { SGD($0, learningRate: 0.1, momentum: 0.9, weightDecay: 0.01) }
    expectTrue(isClose(weight, [0.5191847489999999, -1.0383694979999998, 2.745579372]))
  }

  @Test func theFirstStepHasTheClosedForm() {
    let weight = parameter([1, -2])
    let optimizer = SGD([weight], learningRate: 0.25, momentum: 0.9)
    optimizer.step(minimizing: (weight.value * weight.value).sum())
    expectTrue(isClose(weight.value, [0.5, -1], tolerance: 0))
    expectEqual(optimizer.stateDictionary().mapValues { $0.scalars(as: Double.self) }, ["momentum.0": [2, -4]])
  }

  @Test func withoutMomentumThereIsNothingToRemember() {
    let weight = parameter([1])
    let optimizer = SGD([weight], learningRate: 0.25)
    optimizer.step(minimizing: weight.value.sum())
    expectTrue(optimizer.stateDictionary().isEmpty)
  }
}
