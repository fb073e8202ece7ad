import Moult
import MoultTestSupport
import Testing

@Suite struct EarlyStoppingTests {
  private let data = TrainingFixture.points(30)

  /// A figure that takes the given values, epoch by epoch, and then the last one again.
  private func figure(_ values: [Double], isBetterLower: Bool = true) -> EarlyStopping.Figure {
    EarlyStopping.Figure("test", isBetterLower: isBetterLower) { values[min($0.epoch, values.count) - 1] }
  }

  private func epochs(_ stopping: EarlyStopping, of count: Int) throws -> History {
    try TrainingFixture.trainer(TrainingFixture.model(), callbacks: [stopping])
      .fit(data, validation: data, epochs: count, batchSize: 10)
  }

  @Test func trainingEndsAfterThePatience() throws {
    let stopping = EarlyStopping(figure([5, 4, 4, 3.5, 3.5, 3.6, 3, 2]), patience: 2)
    let history = try epochs(stopping, of: 8)
    expectEqual(history.epochs.count, 6)
    expectEqual(history.stopReason, "test has not got better than 3.5 since epoch 4")
    expectNil(history.interrupted)
    expectTrue(stopping.best?.epoch == 4 && stopping.best?.figure == 3.5)
  }

  @Test func aFigureMayBeBetterHigher() throws {
    let history = try epochs(EarlyStopping(figure([1, 2, 3, 2, 4, 5], isBetterLower: false), patience: 2), of: 6)
    expectTrue(history.epochs.count == 6 && history.stopReason == nil)
    let stopping = EarlyStopping(figure([1, 3, 2, 3.1, 5], isBetterLower: false), patience: 2, minimumChange: 0.2)
    try expectEqual(epochs(stopping, of: 5).epochs.count, 4)
    expectTrue(stopping.best?.epoch == 2 && stopping.best?.figure == 3)
  }

  @Test func smallChangesDoNotCount() throws {
    let stopping = EarlyStopping(figure([5, 4.95, 4.9, 4.85]), patience: 2, minimumChange: 0.2)
    try expectEqual(epochs(stopping, of: 4).epochs.count, 3)
  }

  @Test func noNumberIsNotBetter() throws {
    let stopping = EarlyStopping(figure([.nan, 4, .nan, .nan, 1]), patience: 2)
    try expectEqual(epochs(stopping, of: 5).epochs.count, 4)
  }

  @Test func theLastEpochIsNoEarlyStop() throws {
    try expectNil(epochs(EarlyStopping(figure([1, 2]), patience: 1), of: 2).stopReason)
  }

  @Test func theBestWeightsComeBack() throws {
    let (model, other) = (TrainingFixture.model(), TrainingFixture.model())
    let stopping = EarlyStopping(figure([3, 1, 2, 2]), patience: 2, restoring: model.parameters())
    try TrainingFixture.trainer(model, callbacks: [stopping]).fit(data, epochs: 9, batchSize: 10)
    try TrainingFixture.trainer(other).fit(data, epochs: 2, batchSize: 10)
    expectEqual(TrainingFixture.bits(model), TrainingFixture.bits(other))
  }

  /// Otherwise the next `fit` would go on from weights of one epoch with the steps and the momentum of another.
  @Test(arguments: [8, 9]) func anInterruptLeavesTheWeightsWhereTrainingStopped(last: Int) throws {
    let stop = StopSignal()
    let (whole, stopped) = (TrainingFixture.model(), TrainingFixture.model())
    var atTheLastStep: [UInt32] = []
    let stopper = Recorder { step throws(MoultError) in
      if step.step == last { stop.request() }
      if step.step == 12 { atTheLastStep = TrainingFixture.bits(stopped) }
    }
    try TrainingFixture.trainer(whole).fit(data, epochs: 4, batchSize: 10)
    let stopping = EarlyStopping(figure([3, 1, 2, 2]), patience: 9, restoring: stopped.parameters())
    let trainer = TrainingFixture.trainer(stopped, callbacks: [stopper, stopping], stopSignal: stop)
    try expectEqual(trainer.fit(data, epochs: 4, batchSize: 10).interrupted, 2)
    stop.reset()
    let atTheEnd = try trainer.fit(data, epochs: 4 - trainer.completedEpochs, batchSize: 10)
    expectEqual(atTheEnd.last?.epoch, 4)
    expectEqual(atTheLastStep, TrainingFixture.bits(whole), "as if nobody had interrupted")
    let other = TrainingFixture.model()
    try TrainingFixture.trainer(other).fit(data, epochs: 2, batchSize: 10)
    expectEqual(TrainingFixture.bits(stopped), TrainingFixture.bits(other), "then the best ones come back")
  }

  @Test func aRestartKnowsTheBestEpochAndHowLongItIsAgo() throws {
    let model = TrainingFixture.model()
    let first = EarlyStopping(figure([3, 1, 2]), patience: 3, restoring: model.parameters())
    expectTrue(first.stateDictionary().isEmpty)
    try TrainingFixture.trainer(model, callbacks: [first]).fit(data, epochs: 3, batchSize: 10)
    let state = first.stateDictionary(), best = TrainingFixture.bits(model)
    // Another process: its trainer counts epochs from 1.
    let next = TrainingFixture.model(seed: 8)
    let second = EarlyStopping(figure([2, 2, 2, 2]), patience: 3, restoring: next.parameters())
    try second.load(state)
    expectTrue(second.best?.epoch == 2 && second.best?.figure == 1)
    expectEqual(second.stateDictionary(), state)
    let history = try TrainingFixture.trainer(next, callbacks: [second]).fit(data, epochs: 4, batchSize: 10)
    expectTrue(
      history.epochs.count == 2 && history.stopReason != nil, "one epoch without a better figure, and two more")
    expectEqual(TrainingFixture.bits(next), best)
    try second.load([:])
    expectNil(second.best)
  }

  @Test func aStateThatDoesNotFitChangesNothing() throws {
    let model = TrainingFixture.model()
    let stopping = EarlyStopping(figure([3]), patience: 3, restoring: model.parameters())
    try TrainingFixture.trainer(model, callbacks: [stopping]).fit(data, epochs: 1, batchSize: 10)
    let state = stopping.stateDictionary()
    for (key, value, text) in [
      ("earlyStopping.epoch", nil, "earlyStopping.epoch: expected a count"),
      ("earlyStopping.waited", Tensor([-1 as Int64], shape: []), "earlyStopping.waited: expected a count"),
      ("earlyStopping.figure", Tensor(1 as Float), "earlyStopping.figure: expected a float64 number"),
      ("earlyStopping.value.0", .zeros([2]), "earlyStopping.value.0: expected float32 [16, 4], got float32 [2]"),
      ("earlyStopping.value.0", nil, "earlyStopping.value.0: expected float32 [16, 4], got none"),
      ("earlyStopping.value.9", .zeros([2]), "earlyStopping.value.9: no such entry"),
    ] as [(String, Tensor?, String)] {
      var wrong = state
      wrong[key] = value
      let error = #expect(throws: MoultError.self) { try stopping.load(wrong) }
      expectTrue(error?.code == .badData && error?.message.contains(text) == true, "\(error?.message ?? "")")
      expectEqual(stopping.stateDictionary(), state)
    }
  }

  @Test func weightsStayWithoutRestoring() throws {
    let (model, other) = (TrainingFixture.model(), TrainingFixture.model())
    try TrainingFixture.trainer(model, callbacks: [EarlyStopping(figure([3, 1, 2, 2]), patience: 2)])
      .fit(data, epochs: 9, batchSize: 10)
    try TrainingFixture.trainer(other).fit(data, epochs: 4, batchSize: 10)
    expectEqual(TrainingFixture.bits(model), TrainingFixture.bits(other))
  }

  @Test func theTrainerGoesOnWhenItIsAskedAgain() throws {
    let stopping = EarlyStopping(figure([1, 2, 2, 2, 0.5, 2, 2]), patience: 1)
    let trainer = TrainingFixture.trainer(TrainingFixture.model(), callbacks: [stopping])
    try expectEqual(trainer.fit(data, epochs: 9, batchSize: 10).epochs.map(\.epoch), [1, 2])
    try expectEqual(trainer.fit(data, epochs: 5, batchSize: 10).epochs.map(\.epoch), [3])
  }

  @Test func validationIsNeededForItsLoss() throws {
    let error = try #require(throws: MoultError.self) {
      try TrainingFixture.trainer(TrainingFixture.model(), callbacks: [EarlyStopping(patience: 1)])
        .fit(data, epochs: 2, batchSize: 10)
    }
    expectEqual(error.code, .usage)
    expectTrue(error.message.contains("EarlyStopping: expected an epoch with validation_loss, got none"))
  }

  @Test func theUsualFiguresAreThoseOfTheRecord() throws {
    for (figure, value) in [
      (EarlyStopping.Figure.validationLoss, \EpochRecord.validationLoss),
      (.validationAccuracy, \.validationAccuracy),
    ] {
      let stopping = EarlyStopping(figure, patience: 9)
      let history = try epochs(stopping, of: 3)
      let values = history.epochs.compactMap { $0[keyPath: value] }
      expectEqual(stopping.best?.figure, value == \.validationLoss ? values.min() : values.max())
    }
    let stopping = EarlyStopping(.trainLoss, patience: 9)
    let history = try epochs(stopping, of: 3)
    expectEqual(stopping.best?.figure, history.epochs.map(\.trainLoss).min())
  }
}
