import MoultCore
import MoultNN
import Testing

@Suite struct PredictionTests {
  @Test func aRegressionHasNoEntropy() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(2, 1).predict(.ones([3, 2]), samples: 2, as: .regression).entropy
    }
    #expect(message(result).contains("Prediction.entropy: expected a classification, got a regression; use variance"))
  }
}
