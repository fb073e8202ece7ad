import Moult
import MoultTestSupport
import Testing

private struct Failure: Error {}

@Suite struct WeightAverageTests {
  private let data = TrainingFixture.points(30)

  /// The weights after every step and after every epoch of a run, and the averages at its end.
  private func run(_ rule: WeightAverage.Rule) throws -> (
    steps: [[Tensor]], epochs: [[Tensor]], average: WeightAverage, model: TinyNetwork
  ) {
    let model = TrainingFixture.model()
    let average = WeightAverage(model.parameters(), rule)
    var (steps, epochs): ([[Tensor]], [[Tensor]]) = ([], [])
    let watcher = Recorder { step throws(MoultError) in
      steps.append(model.parameters().map { $0.value.detached() })
      if step.stepInEpoch == 3 { epochs.append(model.parameters().map { $0.value.detached() }) }
    }
    try TrainingFixture.trainer(model, callbacks: [watcher, average]).fit(data, epochs: 4, batchSize: 10)
    return (steps, epochs, average, model)
  }

  private func averages(_ average: WeightAverage) -> [Tensor] {
    average.withAverages { average.parameters.map { $0.value.detached() } }
  }

  private func differ(_ a: [Tensor], _ b: [Tensor]) -> Bool {
    zip(a, b).contains { !mismatches($0, $1, absolute: 1e-6).isEmpty }
  }

  @Test func theExponentialAverageFollowsEveryStep() throws {
    let run = try run(.exponential(decay: 0.8))
    var expected = run.steps[0]
    for weights in run.steps.dropFirst() {
      expected = zip(expected, weights).map { $0 * 0.8 + $1 * 0.2 }
    }
    expectTrue(run.steps.count == 12 && run.average.count == 12)
    expectTrue(!differ(averages(run.average), expected))
    expectTrue(differ(expected, run.steps[11]))
  }

  @Test func theEqualAverageIsTheMeanOfTheLastEpochs() throws {
    let run = try run(.equal(fromEpoch: 2))
    let sum = run.epochs.dropFirst(2).reduce(run.epochs[1]) { zip($0, $1).map { $0 + $1 } }
    expectTrue(run.epochs.count == 4 && run.average.count == 3)
    expectTrue(!differ(averages(run.average), sum.map { $0 / 3 }))
  }

  @Test func averagingLeavesTrainingAlone() throws {
    let plain = TrainingFixture.model()
    try TrainingFixture.trainer(plain).fit(data, epochs: 4, batchSize: 10)
    expectEqual(TrainingFixture.bits(try run(.exponential(decay: 0.9)).model), TrainingFixture.bits(plain))
  }

  @Test func theWeightsComeBackAlsoAfterAThrow() throws {
    let run = try run(.exponential(decay: 0.8))
    let before = TrainingFixture.bits(run.model)
    let during = run.average.withAverages { TrainingFixture.bits(run.model) }
    expectTrue(during != before && TrainingFixture.bits(run.model) == before)
    #expect(throws: Failure.self) { try run.average.withAverages { throw Failure() } }
    expectTrue(TrainingFixture.bits(run.model) == before && !run.average.isSwapped)
    run.average.swap()
    expectTrue(TrainingFixture.bits(run.model) == during && run.average.isSwapped)
    run.average.swap()
    expectEqual(TrainingFixture.bits(run.model), before)
  }

  /// Four epochs in one run, and two and two with another trainer and another average: the same averages, bit for bit.
  @Test(arguments: [WeightAverage.Rule.exponential(decay: 0.8), .equal(fromEpoch: 2)])
  func aRestartGoesOnWithTheAverage(rule: WeightAverage.Rule) throws {
    func run(restarting: Bool) throws -> [Tensor] {
      let model = TrainingFixture.model()
      var average = WeightAverage(model.parameters(), rule)
      expectEqual(average.stateDictionary().keys.sorted(), ["weightAverage.count"])
      for round in 0..<2 {
        if restarting, round == 1 {
          let state = average.stateDictionary()
          expectEqual(state.count, 1 + model.parameters().count)
          average = WeightAverage(model.parameters(), rule)
          try average.load(state)
        }
        try TrainingFixture.trainer(model, callbacks: [average]).fit(data, epochs: 2, batchSize: 10)
      }
      return averages(average)
    }
    // A new trainer counts epochs from 1: a mean that has begun goes on all the same.
    try expectEqual(run(restarting: true), run(restarting: false))
  }

  @Test func aStateThatDoesNotFitChangesNothing() throws {
    let run = try run(.exponential(decay: 0.8)), state = run.average.stateDictionary()
    for (key, value, text) in [
      ("weightAverage.count", nil, "weightAverage.count: expected a count from 0 on"),
      ("weightAverage.average.1", .zeros([2]), "weightAverage.average.1: expected float32 [16], got float32 [2]"),
      ("other.count", .zeros([2]), "other.count: no such entry"),
    ] as [(String, Tensor?, String)] {
      var wrong = state
      wrong[key] = value
      let error = #expect(throws: MoultError.self) { try run.average.load(wrong) }
      expectTrue(error?.code == .badData && error?.message.contains(text) == true, "\(error?.message ?? "")")
      expectEqual(run.average.stateDictionary(), state)
    }
  }

  @Test func whatCannotBeAveragedIsRefused() async {
    let decay = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = WeightAverage(TrainingFixture.model().parameters(), .exponential(decay: 1))
    }
    expectTrue(text(decay).contains("WeightAverage: expected a decay in 0..<1, got 1.0"))
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      WeightAverage(TrainingFixture.model().parameters(), .equal(fromEpoch: 1)).swap()
    }
    expectTrue(text(none).contains("WeightAverage: expected an average, got none yet"))
  }

  private func text(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }
}
