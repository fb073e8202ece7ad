import MoultCore
import MoultNN
import Synchronization
import Testing

/// A model that gives one output after the other.
private final class Playback: Module {
  let outputs: [Tensor]
  private let next = Mutex(0)

  init(_ outputs: [Tensor]) { self.outputs = outputs }

  func callAsFunction(_ x: Tensor) -> Tensor {
    outputs[
      next.withLock { next in
        defer { next += 1 }
        return next
      }]
  }
}

@Suite struct PredictionAccumulatorTests {
  @Test func meanAndVarianceAreThoseOfThePasses() {
    let passes = [[1, 10], [2, 10], [6, 10]].map { Tensor($0 as [Double], shape: [1, 2]) }
    let prediction = Playback(passes).predict(.zeros([1, 1]), samples: 3, as: .regression)
    #expect(isClose(prediction.mean, [3, 10]))
    #expect(isClose(prediction.variance, [14.0 / 3, 0]))
    #expect(prediction.samples == 3)
    #expect(prediction.task == .regression)
  }

  /// Two sure passes that contradict each other: all uncertainty is disagreement.
  @Test func contradictionIsMutualInformation() {
    let passes = [[200, 0], [0, 200]].map { Tensor($0 as [Double], shape: [1, 2]) }
    let prediction = Playback(passes).predict(.zeros([1, 1]), samples: 2)
    let logTwo = 0.6931471805599453
    #expect(isClose(prediction.mean, [0.5, 0.5]))
    #expect(isClose(prediction.variance, [0.25, 0.25]))
    #expect(isClose(prediction.entropy, [logTwo]))
    #expect(isClose(prediction.mutualInformation, [logTwo]))
  }

  /// Two passes that agree to be unsure: no training would help.
  @Test func agreedDoubtIsNot() {
    let passes = [[5, 5, 5, 5], [5, 5, 5, 5]].map { Tensor($0 as [Double], shape: [1, 4]) }
    let prediction = Playback(passes).predict(.zeros([1, 1]), samples: 2)
    #expect(isClose(prediction.entropy, [2 * 0.6931471805599453]))
    #expect(isClose(prediction.mutualInformation, [0]))
    #expect(prediction.variance == .zeros([1, 4], dtype: .float64))
  }

  @Test func impossibleClassesHaveNoEntropy() {
    let output = Tensor([0, -.infinity] as [Double], shape: [1, 2])
    let prediction = Playback([output]).predict(.zeros([1, 1]), samples: 1)
    #expect(isClose(prediction.entropy, [0]))
    #expect(isClose(prediction.mutualInformation, [0]))
  }

  @Test func aModelThatSaysNaNIsNotCertain() {
    struct Broken: Module {
      func callAsFunction(_ x: Tensor) -> Tensor { x * .nan }
    }
    let answer = Broken().predict(.ones([2, 3]), samples: 2)
    let certain = answer.entropy.scalars(as: Float.self).filter { !$0.isNaN }
    #expect(certain.isEmpty)
  }
}
