import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Three steps from w = [1, -2, 3] with the gradients k · [0.5, -1, 0.25], k = 1, 2, 3.
func threeSteps(_ make: ([Parameter]) -> any Optimizer, dtype: DType = .float64, shape: [Int] = [3]) -> Tensor {
  let weight = Parameter(Tensor([1, -2, 3] as [Double], shape: shape).cast(to: dtype))
  let optimizer = make([weight])
  for k in 1...3 {
    let gradient = Tensor([0.5, -1, 0.25] as [Double], shape: shape).cast(to: dtype) * Double(k)
    optimizer.step(minimizing: (weight.value * gradient).sum())
  }
  return weight.value
}

/// A limit that is easy to see: everything becomes 7.
private struct Sevens: ParameterConstraint {
  func apply(to parameter: Parameter) { parameter.value = .full(parameter.shape, 7, dtype: parameter.dtype) }
}

/// Everything that must hold for every optimizer.
@Suite struct OptimizerTests {
  @Test(arguments: OptimizerMaker.all) func aQuadraticIsMinimized(make: OptimizerMaker) {
    let weight = make.parameter([3, -2])
    let optimizer = make([weight])
    for step in 0..<400 {
      optimizer.learningRate = 0.1 / (1 + Double(step) / 40)
      optimizer.step(minimizing: (weight.value * weight.value).sum())
    }
    expectTrue(isClose(weight.value, [0, 0], tolerance: 0.02))
  }

  @Test(arguments: OptimizerMaker.all) func stepMinimizingIsBackwardStepAndClear(make: OptimizerMaker) {
    let (first, second) = (make.parameter([1, 2]), make.parameter([1, 2]))
    let optimizers = [make([first]), make([second])]
    for _ in 0..<3 {
      optimizers[0].step(minimizing: (first.value * first.value).sum())
      (second.value * second.value).sum().backward()
      optimizers[1].step()
      optimizers[1].clearGradients()
    }
    expectEqual(first.value, second.value)
    expectNil(first.gradient)
  }

  @Test(arguments: OptimizerMaker.all) func parametersWithoutGradientAndFrozenOnesStay(
    make: OptimizerMaker
  ) {
    let (used, unused, frozen) = (make.parameter([1]), make.parameter([1]), make.parameter([1]))
    let optimizer = make([used, unused, frozen])
    (used.value * frozen.value).sum().backward()
    frozen.isFrozen = true
    optimizer.step()
    expectNotEqual(used.value.item(), 1)
    expectEqual(unused.value.item(), 1)
    expectEqual(frozen.value.item(), 1)
  }

  @Test(arguments: OptimizerMaker.all) func theConstraintIsAppliedAfterTheStep(make: OptimizerMaker) {
    let bound = Parameter(Tensor([1, 2]).reshaped(make.shape(2)), constraint: Sevens())
    make([bound]).step(minimizing: bound.value.sum())
    expectEqual(bound.value, Tensor([7, 7]).reshaped(make.shape(2)))
  }

  @Test(arguments: OptimizerMaker.all) func aValueThatWasReadStaysWhatItWas(make: OptimizerMaker) {
    let weight = make.parameter([1, 2])
    let optimizer = make([weight])
    let kept = weight.value.detached()
    optimizer.step(minimizing: weight.value.sum())
    let state = optimizer.stateDictionary()
    let before = state.mapValues { $0.scalars(as: Double.self) }
    optimizer.step(minimizing: weight.value.sum())
    expectTrue(isClose(kept, [1, 2], tolerance: 0))
    expectEqual(state.mapValues { $0.scalars(as: Double.self) }, before)
  }

  @Test(arguments: OptimizerMaker.all) func aResumedRunGoesOnBitForBit(make: OptimizerMaker) throws {
    func train(_ weight: Parameter, _ optimizer: any Optimizer, steps: Range<Int>) {
      for step in steps { optimizer.step(minimizing: (weight.value * weight.value * Double(step + 1)).sum()) }
    }
    let whole = make.parameter([1, -2])
    train(whole, make([whole]), steps: 0..<6)

    let first = make.parameter([1, -2])
    let interrupted = make([first])
    train(first, interrupted, steps: 0..<3)
    let second = Parameter(first.value.detached())
    let resumed = make([second])
    try resumed.load(interrupted.stateDictionary())
    train(second, resumed, steps: 3..<6)
    expectEqual(second.value.detached(), whole.value.detached())
  }

  @Test(arguments: OptimizerMaker.all) func float32FollowsFloat64(make: OptimizerMaker) {
    let exact = threeSteps(make.make, shape: make.shape(3)).scalars(as: Double.self)
    expectTrue(isClose(threeSteps(make.make, dtype: .float32, shape: make.shape(3)), exact, tolerance: 1e-6))
  }

  /// Long enough for several slices and an odd rest.
  @Test(arguments: OptimizerMaker.all) func longParametersAreUpdatedToTheEnd(make: OptimizerMaker) {
    let count = 5 * 16_384 + 13
    let weight = Parameter(.ones(make.shape(count)))
    make([weight]).step(minimizing: weight.value.sum())
    let values = weight.value.scalars(as: Float.self)
    expectTrue(values[0] < 0.95 && values.allSatisfy { $0 == values[0] })
  }

  @Test func foreignStateIsRefused() {
    let weight = parameter([1, 2])
    let sgd = SGD([weight], learningRate: 0.1, momentum: 0.9)
    func message(_ state: [String: Tensor], _ optimizer: any Optimizer) -> String {
      do {
        try optimizer.load(state)
        return ""
      } catch {
        return error.message
      }
    }
    expectEqual(
      message(["momentum.0": Tensor([1])], sgd), "optimizer state momentum.0: expected float64 [2], got float32 [1]")
    expectEqual(
      message(["momentum.1": Tensor([1])], sgd),
      "optimizer state momentum.1: no such buffer; is it another optimizer's state?")
    expectEqual(
      message(sgd.stateDictionary(), Adam([weight])),
      "optimizer state steps: expected 1 integers; is it another optimizer's state?")
  }

  // MARK: - Mistakes

  @Test func noParametersAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SGD([], learningRate: 0.1)
    }
    expectTrue(message(result).contains("SGD: expected parameters, got none"))
  }

  @Test func theSameParameterTwiceIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let weight = parameter([1])
      _ = Adam([weight, parameter([2]), weight])
    }
    expectTrue(message(result).contains("Adam: expected each parameter once, got the same one at 0 and 2"))
  }

  @Test func negativeLearningRatesAreRefused() async {
    let made = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SGD([parameter([1])], learningRate: -0.1)
    }
    expectTrue(message(made).contains("SGD: expected learningRate >= 0, got -0.1"))
    let set = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      AdamW([parameter([1])]).learningRate = .nan
    }
    expectTrue(message(set).contains("AdamW: expected learningRate >= 0, got nan"))
  }

  @Test func otherSettingsOutOfRangeAreRefused() async {
    let momentum = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SGD([parameter([1])], learningRate: 0.1, momentum: 1)
    }
    expectTrue(message(momentum).contains("SGD: expected momentum in 0..<1, got 1.0"))
    let nesterov = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SGD([parameter([1])], learningRate: 0.1, nesterov: true)
    }
    expectTrue(message(nesterov).contains("SGD: expected momentum > 0 with nesterov, got 0.0"))
    let beta = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Adam([parameter([1])], beta2: 1)
    }
    expectTrue(message(beta).contains("Adam: expected beta2 in 0..<1, got 1.0"))
    let decay = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = AdamW([parameter([1])], weightDecay: -1)
    }
    expectTrue(message(decay).contains("AdamW: expected weightDecay >= 0, got -1.0"))
  }
}
