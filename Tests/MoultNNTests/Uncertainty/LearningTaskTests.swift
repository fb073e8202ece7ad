import MoultCore
import MoultNN
import MoultPlatform
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

  private struct Wind: Module, TaskDeclaring {
    let task = LearningTask.regression
    let layers = Sequential(Dropout(0.5), Linear(4, 3))

    func callAsFunction(_ x: Tensor) -> Tensor { layers(x) }
  }

  @Test func theModelOrTheTargetsDeclareTheTask() {
    let x = Tensor.ones([3, 4]), wind = withSeed(1) { Wind() }
    func isSame(_ a: Prediction, _ b: Prediction) -> Bool {
      a.task == b.task && a.mean == b.mean && a.variance == b.variance
    }
    func predictions(_ model: some Module<Tensor, Tensor>, _ task: LearningTask?) -> Prediction {
      withSeed(2) { model.predict(x, passes: 5, as: task) }
    }
    expectTrue(isSame(predictions(wind, nil), predictions(wind, .regression)))
    expectEqual(predictions(wind, .classification).task, .classification)
    let wrapped = Sequential(Linear(4, 4), Sequential(wind))
    expectTrue(isSame(predictions(wrapped, nil), predictions(wrapped, .regression)))
    let head = Sequential(Linear(4, 4), Dropout(0.5), GaussianHead(4, 2))
    expectTrue(isSame(predictions(head, nil), predictions(head, .heteroscedasticRegression)))
    expectEqual(predict(x, ensemble: [wind, wind]).task, .regression)
    let targets = ObservedTargets(Tensor.zeros([3, 3]), noise: .precision(1))
    expectEqual(model(outputs: 3).predict(x, passes: 2, targets: targets).task, .regression)
    expectEqual(predict(x, ensemble: [model(outputs: 3)], targets: targets).task, .regression)
    let predicted = ObservedTargets(Tensor.zeros([3, 2]), noise: .predicted)
    let function = predict(x, passes: 2, targets: predicted) { Linear(4, 4)($0) }
    expectEqual(function.task, .heteroscedasticRegression)
  }

  /// Several outputs without a declared task could be values, so the assumption is written, once for a process.
  @Test func anAssumedTaskIsSaid() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let model = Sequential(Dropout(0.5), Linear(4, 3)), x = Tensor.ones([2, 4])
      _ = model.predict(x, passes: 2, as: .regression)
      _ = Linear(4, 1).predict(x, passes: 2)
      _ = Wind().predict(x, passes: 2)
      write(2, "before\n", 7)
      for _ in 0..<2 { _ = model.predict(x, passes: 2) }
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    expectEqual(
      message,
      "before\nwarning: predict: 3 outputs are taken as logits of classes, as neither the call nor the model says "
        + "otherwise; say predict(..., as: .classification) or as: .regression, or declare it in the model "
        + "(TaskDeclaring)\n")
  }
}
