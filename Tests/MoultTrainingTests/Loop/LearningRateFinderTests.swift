import Foundation
import Moult
import MoultTestSupport
import Testing

@Suite struct LearningRateFinderTests {
  /// One run with and one without a search before its second epoch; both must end in the same bits.
  @Test(arguments: ResumeFixture.Kind.allCases, [0, 6])
  func trainingGoesOnAsWithoutASearch(kind: ResumeFixture.Kind, stop: Int) throws {
    let plain = ResumeFixture(kind, stopAfter: stop), searched = ResumeFixture(kind, stopAfter: stop)
    for run in [plain, searched] where stop > 0 {
      try expectTrue(run.run().interrupted != nil)
      run.stopSignal.reset()
    }
    let model = searched.trainer.model
    let before = searched.result, parameters = model.parameters()
    let gradients = parameters.map { Tensor.full($0.shape, 0.25) }
    for (parameter, gradient) in zip(parameters, gradients) { parameter.gradient = gradient }
    if stop > 0 { model.eval() }
    let mode = model.dropout.mode

    let events = searched.log.events
    let search = try LearningRateFinder(from: 1e-3, to: 1e3, steps: 30)
      .run(searched.trainer, ResumeFixture.train, batchSize: 10)
    expectGreater(search.points.count, 5)
    expectEqual(searched.result, before)
    expectEqual(parameters.map { $0.gradient }, gradients)
    expectEqual(model.dropout.mode, mode)
    expectEqual(searched.log.events, events, "no callback is called")

    for parameter in parameters { parameter.clearGradient() }
    try plain.run()
    try searched.run()
    expectEqual(searched.result, plain.result)
    expectEqual(ResumeFixture.timeless(searched.log.epochs), ResumeFixture.timeless(plain.log.epochs))
    expectEqual(searched.log.steps, plain.log.steps)
  }

  @Test func learningRatesGrowByTheSameFactor() throws {
    let run = ResumeFixture(.momentum)
    let search = try LearningRateFinder(from: 1e-4, to: 1e-2, steps: 21, smoothing: 0.5)
      .run(run.trainer, ResumeFixture.train, batchSize: 10)
    expectTrue(!search.hasExploded && search.points.count == 21)
    var average = 0.0, weight = 0.0
    for (index, point) in search.points.enumerated() {
      let expected = 1e-4 * pow(10, Double(index) / 10)
      expectLess(abs(point.learningRate / expected - 1), 1e-12)
      average = 0.5 * average + 0.5 * point.loss
      weight = 0.5 * weight + 0.5
      expectLess(abs(point.smoothedLoss - average / weight), 1e-12)
    }
    // The first loss is that of the first step of training itself.
    let plain = ResumeFixture(.momentum)
    try plain.run()
    expectEqual(search.points[0].loss, plain.log.steps[0].loss)
  }

  @Test(arguments: [1e6, 1e38]) func aLossThatExplodesEndsTheSearch(high: Double) throws {
    let run = ResumeFixture(.momentum)
    let before = run.result
    let search = try LearningRateFinder(from: 1, to: high, steps: 200, smoothing: 0)
      .run(run.trainer, ResumeFixture.train, batchSize: 10)
    expectTrue(search.hasExploded && search.points.count < 200)
    expectTrue(search.points.allSatisfy { $0.loss.isFinite })
    expectEqual(run.result, before)
  }

  @Test func dataThatCannotWorkAreRefused() throws {
    let run = ResumeFixture(.momentum)
    let error = try moultError { _ = try LearningRateFinder().run(run.trainer, ResumeFixture.train, batchSize: 0) }
    expectTrue(error.code == .usage && error.message.contains("expected batchSize >= 1, got 0"))
  }
}
