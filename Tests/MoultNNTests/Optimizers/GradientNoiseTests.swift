import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct GradientNoiseTests {
  /// Gaussians by Scripts/reference/masklaw.py: stream(3, 1, 0xFFFFFFFF, AUGMENTATION), step 5, units 0 to 2.
  @Test func theNoiseIsTheLawsAndFallsAsThePaperSays() {
    let parameters = [parameter([0, 0, 0]), parameter([0, 0, 0])]
    let optimizer = GradientNoise(SGD(parameters, learningRate: 1), variance: 0.3, stream: 1)
    withSeed(3) {
      for step in 0..<6 {
        for parameter in parameters { parameter.value = .zeros([3], dtype: .float64) }
        optimizer.clearGradients()
        if step == 5 { expectLess(abs(optimizer.standardDeviation - 0.33463320542046304), 1e-15) }
        (parameters[0].value.sum() * 2 + parameters[1].value.sum() * 0).backward()
        optimizer.step()
      }
    }
    let noise = [0.5544305819697513, 2.0430836683687272, -0.5705462011094634]
    let deviation = 0.33463320542046304
    expectTrue(isClose(parameters[0].value, noise.map { -(2 + deviation * $0) }, tolerance: 1e-12))
    // The other parameter has noise of its own, not the same one up to rounding.
    let other = parameters[1].value.scalars(as: Double.self)
    expectTrue(zip(other, noise).allSatisfy { abs($0 + deviation * $1) > 1e-3 && $0 != 0 })
  }

  /// What two optimizers do to parameters of one shape without gradients of their own in six steps.
  private func noise(_ make: (any Optimizer) -> any Optimizer) -> [[Double]] {
    let parameters = (0..<2).map { _ in parameter([0, 0, 0]) }
    let optimizers = parameters.map { make(SGD([$0], learningRate: 1)) }
    for _ in 0..<6 {
      (parameters[0].value.sum() * 0 + parameters[1].value.sum() * 0).backward()
      optimizers.forEach { $0.step() }
    }
    return parameters.map { $0.value.scalars(as: Double.self) }
  }

  @Test func twoOptimizersDrawNoiseOfTheirOwnUnlessPinned() {
    let found = withSeed(2) { noise { GradientNoise($0) } }
    expectTrue(zip(found[0], found[1]).allSatisfy { abs($0 - $1) > 1e-3 })
    expectEqual(withSeed(2) { noise { GradientNoise($0) } }, found, "the same program under the same seed")
    let pinned = withSeed(2) { noise { GradientNoise($0, stream: 3) } }
    expectTrue(pinned[0] == pinned[1] && pinned[0] != found[0])
  }

  @Test func noVarianceIsTheOptimizerItself() {
    func weights(_ make: ([Parameter]) -> any Optimizer) -> [String: Tensor] {
      withSeed(1) {
        let model = SimpleMLP(inputSize: 3, hiddenSize: 4, outputSize: 2)
        let optimizer = make(model.parameters())
        for step in 0..<5 {
          withStep(step) { optimizer.step(minimizing: crossEntropy(model(.ones([2, 3])), Tensor(labels: [0, 1]))) }
        }
        return model.stateDictionary()
      }
    }
    let plain = weights { Adam($0) }
    expectEqual(weights { GradientNoise(Adam($0), variance: 0) }, plain)
    expectNotEqual(weights { GradientNoise(Adam($0)) }, plain)
  }

  @Test func whatIsFrozenOrHasNoGradientStays() {
    let parameters = [parameter([1, 2]), parameter([1, 2]), parameter([1, 2])]
    let optimizer = GradientNoise(SGD(parameters, learningRate: 1))
    (parameters[0].value.sum() + parameters[1].value.sum()).backward()
    parameters[1].isFrozen = true
    optimizer.step()
    expectEqual(parameters.map { $0.value.scalars(as: Double.self) == [1, 2] }, [false, true, true])
    expectTrue(parameters[1].gradient == .ones([2], dtype: .float64) && parameters[2].gradient == nil)
  }

  @Test func aCheckpointGoesOnWithTheSameNoise() throws {
    func run(restarting: Bool) throws -> [Double] {
      try withSeed(2) {
        let parameters = [parameter([1, 2])]
        var optimizer = GradientNoise(SGD(parameters, learningRate: 0.1, momentum: 0.9))
        for step in 0..<6 {
          if restarting && step == 3 {
            let state = optimizer.stateDictionary()
            expectEqual(state.keys.sorted(), ["gradientNoise.steps", "gradientNoise.stream", "momentum.0"])
            optimizer = GradientNoise(SGD(parameters, learningRate: 0.1, momentum: 0.9))
            try optimizer.load(state)
          }
          optimizer.step(minimizing: (parameters[0].value * parameters[0].value).sum())
        }
        return parameters[0].value.scalars()
      }
    }
    try expectEqual(run(restarting: true), run(restarting: false))
    let error = #expect(throws: MoultError.self) { try GradientNoise(SGD([parameter([1])], learningRate: 1)).load([:]) }
    expectEqual(
      error?.message,
      "optimizer state gradientNoise.steps: expected a count of steps; was it saved with gradient noise?")
  }

  @Test func theLearningRateIsTheOptimizers() {
    let inner = SGD([parameter([1])], learningRate: 0.5)
    let optimizer = GradientNoise(inner)
    expectEqual(optimizer.learningRate, 0.5)
    optimizer.learningRate = 0.25
    expectEqual(inner.learningRate, 0.25)
  }
}
