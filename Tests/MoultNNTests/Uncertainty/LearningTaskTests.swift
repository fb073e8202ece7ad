import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct LearningTaskTests {
  private func model(outputs: Int) -> Sequential { Sequential(Dropout(0.5), Linear(4, outputs)) }

  /// A softmax over one output would say 1 ± 0 of anything.
  @Test func oneOutputIsANumberAndNeverAClass() {
    let answer = withSeed(1) { model(outputs: 1).predict(.ones([3, 4]), passes: 20) }
    let named = withSeed(1) { model(outputs: 1).predict(.ones([3, 4]), passes: 20, as: .regression) }
    expectTrue(answer.task == .regression && answer.mean == named.mean && answer.variance == named.variance)
    expectTrue(answer.variance.scalars(as: Double.self).allSatisfy { $0 > 0 })
    let function = predict(.ones([3, 4]), passes: 20) { model(outputs: 1)($0)[0..., 0] }
    expectTrue(function.task == .regression && function.mean.shape == [3])
    let ensemble = predict(.ones([3, 4]), ensemble: [model(outputs: 1), model(outputs: 1)])
    expectEqual(ensemble.task, .regression)
  }

  @Test func twoOutputsAreClasses() {
    let answer = withSeed(1) { model(outputs: 2).predict(.ones([3, 4]), passes: 20) }
    expectEqual(answer.task, .classification)
    let sums = answer.mean.sum(axis: 1).scalars(as: Double.self)
    expectTrue(sums.allSatisfy { abs($0 - 1) < 1e-5 })
  }

  @Test func oneOutputAsAClassIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(2, 1).predict(.ones([3, 2]), passes: 2, as: .classification)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    expectTrue(message.contains("predict: expected logits: [N, ..., K] of two classes or more, got [6, 1]"))
  }
}
