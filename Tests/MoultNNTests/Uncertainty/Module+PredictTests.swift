import MoultCore
import MoultNN
import MoultTestSupport
import Synchronization
import Testing

@Suite struct ModulePredictTests {
  private let model: SimpleMLP
  private let x = Tensor.randomNormal([12, 6], seed: 5)

  init() {
    model = withSeed(1) { SimpleMLP(inputSize: 6, hiddenSize: 16, outputSize: 4) }
    model.eval()
  }

  private func expectSame(_ first: Prediction, _ second: Prediction, _ location: SourceLocation = #_sourceLocation) {
    #expect(first.mean == second.mean, sourceLocation: location)
    #expect(first.variance == second.variance, sourceLocation: location)
    #expect(first.entropy == second.entropy, sourceLocation: location)
    #expect(first.mutualInformation == second.mutualInformation, sourceLocation: location)
  }

  /// Passes of a prediction run in a loop while operations are recorded, and give the same numbers.
  @Test func aRecordHasTheOperationsOfEachPass() {
    let (prediction, record) = recordingOperations { model.predict(x, passes: 3) }
    let one = recordingOperations { model.predict(x, passes: 1) }.record
    func dropouts(_ record: OperationRecord) -> Int { record.operations.count { $0.name == "dropout" } }
    expectGreater(dropouts(one), 0)
    expectEqual(dropouts(record), 3 * dropouts(one))
    expectSame(prediction, model.predict(x, passes: 3))
  }

  @Test func shapesAreAsDocumented() {
    let answer = model.predict(x, passes: 3)
    expectTrue(answer.mean.shape == [12, 4] && answer.variance.shape == [12, 4])
    expectTrue(answer.entropy.shape == [12] && answer.mutualInformation.shape == [12])
    expectTrue(!answer.mean.requiresGradient)
  }

  @Test func theSameCallGivesTheSameAnswer() {
    expectSame(model.predict(x, passes: 5), model.predict(x, passes: 5))
  }

  @Test func trainingGoesOnUndisturbed() {
    model.train()
    let before = model.stochasticLayers().map(\.layer.dropoutState.calls.uses)
    _ = model.predict(x, passes: 5)
    expectEqual(model.stochasticLayers().map(\.layer.dropoutState.calls.uses), before)
    expectEqual(model.dropout1.mode, .training)
  }

  @Test(arguments: [1, 5, 12, 100]) func theSplitDoesNotChangeTheAnswer(batchSize: Int) {
    expectSame(model.predict(x, passes: 4, batchSize: batchSize), model.predict(x, passes: 4))
  }

  @Test func callersMaySplitThemselves() {
    let whole = model.predict(x, passes: 4)
    let rest = model.predict(x[7..<12], passes: 4, firstSample: 7)
    expectEqual(whole.mean[7..<12], rest.mean)
    expectEqual(whole.mutualInformation[7..<12], rest.mutualInformation)
  }

  @Test func passesDifferAndProbabilitiesAddUp() {
    let answer = model.predict(x, passes: 50)
    expectGreater(answer.variance.min().item(), 0)
    expectTrue(isClose(answer.mean.sum(axis: 1), Array(repeating: 1, count: 12), tolerance: 1e-5))
    expectGreater(answer.mutualInformation.min().item(), 0)
    expectAtLeast((answer.entropy - answer.mutualInformation).min().item(), 0)
  }

  @Test func withoutDropoutAllPassesAgree() {
    let plain = Sequential(Linear(6, 4))
    let answer = plain.predict(x, passes: 7, as: .regression)
    expectEqual(answer.variance, .zeros([12, 4]))
    expectEqual(answer.mean, withGradients(false) { plain(x) })
  }

  @Test func theMeanOfManyPassesIsNearTheMeanOverMasks() {
    let single = Sequential(Dropout(0.5))
    let answer = single.predict(.ones([4, 8]), passes: 2_000, as: .regression)
    // 6 sigma of the mean of 2 000 coins worth 0 or 2.
    expectTrue(answer.mean.scalars(as: Double.self).allSatisfy { abs($0 - 1) < 6 / 2_000.0.squareRoot() })
  }

  @Test func anEmptyInputGivesAnEmptyAnswer() {
    expectEqual(model.predict(.zeros([0, 6]), passes: 2).mean.shape, [0, 4])
  }

  /// A layer like batch normalization: it notes when its statistics move.
  private final class Statistics: Module {
    let layerMode = LayerMode()
    private let moves = Mutex(0)
    var moved: Int { moves.withLock { $0 } }

    func callAsFunction(_ x: Tensor) -> Tensor {
      if layerMode.current == .training { moves.withLock { $0 += 1 } }
      return x
    }
  }

  @Test func batchStatisticsStandStill() {
    let statistics = Statistics(), whole = Sequential(model, statistics)
    whole.train()
    _ = whole(x)
    expectEqual(statistics.moved, 1)
    _ = whole.predict(x, passes: 5)
    _ = predict(x, passes: 5) { whole($0) }
    expectEqual(statistics.moved, 1)
  }

  // MARK: - Any function

  @Test func aFunctionOfModelsIsAModel() {
    let first = withSeed(1) { Sequential(Linear(6, 8), ReLU(), Dropout(0.5, stream: 0)) }
    let second = withSeed(2) { Sequential(Linear(8, 3), Dropout(0.2, stream: 1)) }
    first.eval()
    second.eval()
    let answer = predict(x, passes: 20) { second(first($0)) }
    expectSame(answer, Sequential(first, second).predict(x, passes: 20))
    expectGreater(answer.variance.min().item(), 0)
  }

  @Test func functionalDropoutWithAStreamIsTheSameInEveryCall() {
    func answer(_ batchSize: Int?) -> Prediction {
      predict(x, passes: 9, batchSize: batchSize) { dropout($0, rate: 0.5, mode: .sampling, stream: 3) }
    }
    expectSame(answer(nil), answer(nil))
    expectSame(answer(nil), answer(5))
    expectGreater(answer(nil).variance.max().item(), 0)
  }

  @Test func modesAndGradientsComeBackAfterAThrow() {
    struct Stop: Error {}
    model.train()
    #expect(throws: Stop.self) {
      try predict(x, passes: 5) { x in
        expectEqual(model.dropout1.mode, .sampling)
        throw Stop()
      }
    }
    expectEqual(model.dropout1.mode, .training)
    expectTrue(model(x).requiresGradient)
    // Outside a step scope again: each use draws anew.
    expectNotEqual(model(x), model(x))
  }

  @Test func layersFixedInEvaluationDrawNothing() {
    let fixed = Dropout(0.5)
    fixed.fixMode(.evaluation)
    expectEqual(predict(x, passes: 5, as: .regression) { fixed($0) }.variance, .zeros([12, 6]))
    expectEqual(Sequential(fixed).predict(x, passes: 5, as: .regression).variance, .zeros([12, 6]))
  }

  /// Frozen weights are no longer trained; the uncertainty of the layers stays.
  @Test func freezingChangesNoPrediction() {
    let model = withSeed(1) { SimpleMLP(inputSize: 6, hiddenSize: 9, outputSize: 4) }
    let before = withSeed(2) { model.predict(x, passes: 5) }
    model.freeze()
    let after = withSeed(2) { model.predict(x, passes: 5) }
    expectTrue(sameBits(before.mean, after.mean) && sameBits(before.variance, after.variance))
    expectTrue(after.variance.scalars(as: Float.self).contains { $0 > 0 })
  }

  // MARK: - Ensembles

  @Test func anEnsembleIsAPassOfEachModel() {
    let models = (0..<3).map { seed in withSeed(UInt64(seed)) { SimpleMLP(inputSize: 6, hiddenSize: 9, outputSize: 4) }
    }
    let answer = predict(x, ensemble: models, as: .regression)
    let outputs = stack(models.map { model in model.evaluating { withGradients(false) { model(x) } } })
    let mean = outputs.mean(axis: 0)
    expectTrue(mismatches(answer.mean, mean, absolute: 1e-6).isEmpty)
    expectTrue(mismatches(answer.variance, ((outputs - mean) * (outputs - mean)).mean(axis: 0), absolute: 1e-6).isEmpty)
    expectTrue(answer.requestedPasses == 3 && models[0].dropout1.mode == .training)
  }

  // MARK: - Refusals

  @Test func noPassesAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(2, 1).predict(.ones([3, 2]), passes: 0)
    }
    expectTrue(message(result).contains("predict: expected at least 1 pass, got 0"))
  }
}
