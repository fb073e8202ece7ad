import MoultCore
import MoultNN
import Testing

@Suite struct ModulePredictTests {
  private let model: SimpleMLP
  private let x = Tensor.randomNormal([12, 6], seed: 5)

  init() {
    model = withSeed(1) { SimpleMLP(inputSize: 6, hiddenSize: 16, outputSize: 4) }
    model.eval()
  }

  private func expectEqual(_ first: Prediction, _ second: Prediction, _ location: SourceLocation = #_sourceLocation) {
    #expect(first.mean == second.mean, sourceLocation: location)
    #expect(first.variance == second.variance, sourceLocation: location)
    #expect(first.entropy == second.entropy, sourceLocation: location)
    #expect(first.mutualInformation == second.mutualInformation, sourceLocation: location)
  }

  @Test func shapesAreAsDocumented() {
    let answer = model.predict(x, samples: 3)
    #expect(answer.mean.shape == [12, 4] && answer.variance.shape == [12, 4])
    #expect(answer.entropy.shape == [12] && answer.mutualInformation.shape == [12])
    #expect(!answer.mean.requiresGradient)
  }

  @Test func theSameCallGivesTheSameAnswer() {
    expectEqual(model.predict(x, samples: 5), model.predict(x, samples: 5))
  }

  @Test func trainingGoesOnUndisturbed() {
    model.train()
    let before = model.stochasticLayers().map(\.layer.stochasticState.uses)
    _ = model.predict(x, samples: 5)
    #expect(model.stochasticLayers().map(\.layer.stochasticState.uses) == before)
    #expect(model.dropout1.mode == .training)
  }

  @Test(arguments: [1, 5, 12, 100]) func theSplitDoesNotChangeTheAnswer(batchSize: Int) {
    expectEqual(model.predict(x, samples: 4, batchSize: batchSize), model.predict(x, samples: 4))
  }

  @Test func callersMaySplitThemselves() {
    let whole = model.predict(x, samples: 4)
    let rest = model.predict(x[7..<12], samples: 4, firstSample: 7)
    #expect(whole.mean[7..<12] == rest.mean)
    #expect(whole.mutualInformation[7..<12] == rest.mutualInformation)
  }

  @Test func passesDifferAndProbabilitiesAddUp() {
    let answer = model.predict(x, samples: 50)
    #expect(answer.variance.min().item() > 0)
    #expect(isClose(answer.mean.sum(axis: 1), Array(repeating: 1, count: 12), tolerance: 1e-5))
    #expect(answer.mutualInformation.min().item() > 0)
    #expect((answer.entropy - answer.mutualInformation).min().item() >= 0)
  }

  @Test func withoutDropoutAllPassesAgree() {
    let plain = Sequential(Linear(6, 4))
    let answer = plain.predict(x, samples: 7, as: .regression)
    #expect(answer.variance == .zeros([12, 4]))
    #expect(answer.mean == withGradients(false) { plain(x) })
  }

  @Test func theMeanOfManyPassesIsNearTheMeanOverMasks() {
    let single = Sequential(Dropout(0.5))
    let answer = single.predict(.ones([4, 8]), samples: 2_000, as: .regression)
    // 6 sigma of the mean of 2 000 coins worth 0 or 2.
    #expect(answer.mean.scalars(as: Double.self).allSatisfy { abs($0 - 1) < 6 / 2_000.0.squareRoot() })
  }

  @Test func anEmptyInputGivesAnEmptyAnswer() {
    #expect(model.predict(.zeros([0, 6]), samples: 2).mean.shape == [0, 4])
  }

  @Test func noSamplesAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(2, 1).predict(.ones([3, 2]), samples: 0)
    }
    #expect(message(result).contains("predict: expected at least 1 sample, got 0"))
  }
}
