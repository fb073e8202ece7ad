import Foundation
import Moult
import MoultTestSupport
import Testing

@Suite struct LearningRateSearchTests {
  private func search(_ losses: [Double]) -> LearningRateSearch {
    LearningRateSearch(
      points: losses.enumerated().map { index, loss in
        .init(learningRate: pow(2, Double(index)), loss: 99, smoothedLoss: loss)
      }, hasExploded: false)
  }

  @Test func theSuggestionIsWhereTheLossFallsMostSteeply() {
    expectEqual(search([5, 5, 4, 2, 1.5, 1, 1, 1, 1, 1, 1, 1]).suggestion, 4)
    expectEqual(search([5, 5, 4.5, 3, 2.9, 2.8, 2.7, 0, 0, 0, 0, 0]).suggestion, 4, "the last five do not count")
    let late = [9.0, 1] + [Double](repeating: 1, count: 10) + [0.5, 0.5] + [Double](repeating: 0.5, count: 8)
    expectEqual(search(late).suggestion, pow(2, 11), "nor does the first tenth")
  }

  @Test func aLossThatNeverFallsGivesNone() {
    expectNil(search([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).suggestion)
    expectNil(search([]).suggestion)
    expectNil(search([5, 4, 3, 2, 1, 0]).suggestion, "too few")
  }
}
