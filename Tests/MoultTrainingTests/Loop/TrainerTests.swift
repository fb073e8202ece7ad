import Moult
import MoultTestSupport
import Testing

@Suite struct TrainerTests {
  private let data = TrainingFixture.points(90)

  @Test func learnsWhatCanBeLearned() throws {
    let model = TrainingFixture.model(rate: 0.2)
    let test = TrainingFixture.points(60, seed: 2)
    let history = try TrainingFixture.trainer(model).fit(data, validation: test, epochs: 20, batchSize: 10)
    let (first, last) = (try unwrapped(history.epochs.first), try unwrapped(history.last))
    expectEqual(history.epochs.count, 20)
    expectLess(last.trainLoss, first.trainLoss / 2)
    try expectGreater(unwrapped(last.validationAccuracy), 0.9)
    expectEqual(history.steps, 180)
    expectEqual(history.samples, 1_800)
    expectNil(history.interrupted)
  }

  @Test func theSameSeedGivesTheSameWeightsAndAnotherSeedOthers() throws {
    func weights(seed: UInt64) throws -> [UInt32] {
      let model = TrainingFixture.model()
      try TrainingFixture.trainer(model, seed: seed).fit(data, epochs: 3, batchSize: 20)
      return TrainingFixture.bits(model)
    }
    let first = try weights(seed: 3)
    try expectEqual(weights(seed: 3), first)
    try expectNotEqual(weights(seed: 4), first)
  }

  @Test func microBatchesDrawTheMasksOfTheWholeBatchAndGiveItsGradients() throws {
    let (whole, split) = (TrainingFixture.model(), TrainingFixture.model())
    try TrainingFixture.trainer(whole).fit(data, epochs: 2, batchSize: 20)
    try TrainingFixture.trainer(split, microBatchSize: 7).fit(data, epochs: 2, batchSize: 20)
    let expected = whole.stateDictionary()
    for (name, value) in split.stateDictionary() {
      let pairs = zip(value.scalars(as: Float.self), try unwrapped(expected[name]).scalars(as: Float.self))
      // A mask that differed in one unit would show in the second decimal after ten steps.
      expectTrue(pairs.allSatisfy { abs($0 - $1) < 1e-5 }, "\(name)")
    }
  }

  @Test func twoCallsOfFitAreOneLongOne() throws {
    let (long, short) = (TrainingFixture.model(), TrainingFixture.model())
    try TrainingFixture.trainer(long).fit(data, epochs: 4, batchSize: 20)
    let trainer = TrainingFixture.trainer(short)
    try trainer.fit(data, epochs: 1, batchSize: 20)
    let rest = try trainer.fit(data, epochs: 3, batchSize: 20)
    expectEqual(TrainingFixture.bits(long), TrainingFixture.bits(short))
    expectEqual(rest.epochs.map(\.epoch), [2, 3, 4])
    expectEqual(trainer.completedEpochs, 4)
    expectEqual(trainer.completedSteps, 20)
  }

  @Test func everyEpochSeesEverySampleOnceInAnOrderOfItsOwn() throws {
    // The value that a sample is answered with is its number, so the loss sees the order.
    let numbered = TensorDataset(inputs: data.inputs, labels: Tensor.arange(90).reshaped([90, 1]))
    let model = TrainingFixture.model()
    var seen: [[Float]] = [[]]
    let recorder = Recorder { step throws(MoultError) in
      if step.stepInEpoch == 5 { seen.append([]) }
    }
    let trainer = Trainer(
      model, optimizer: SGD(model.parameters(), learningRate: 1e-6),
      loss: { output, labels in
        seen[seen.count - 1] += labels.scalars(as: Float.self)
        return meanSquaredError(output.sum(axis: 1, keepingDimensions: true), labels)
      }, seed: 3, callbacks: [recorder])
    try trainer.fit(numbered, epochs: 2, batchSize: 20)
    expectTrue(seen.prefix(2).allSatisfy { $0.sorted() == (0..<90).map(Float.init) })
    expectNotEqual(seen[0], seen[1])
  }

  @Test func validationChangesNothing() throws {
    let (without, with) = (TrainingFixture.model(), TrainingFixture.model())
    try TrainingFixture.trainer(without).fit(data, epochs: 3, batchSize: 20)
    try TrainingFixture.trainer(with).fit(data, validation: data, epochs: 3, batchSize: 20)
    expectEqual(TrainingFixture.bits(without), TrainingFixture.bits(with))
  }

  @Test func aModelInEvaluationModeIsTrainedWithDropoutAllTheSame() throws {
    let (fresh, evaluated) = (TrainingFixture.model(), TrainingFixture.model())
    evaluated.eval()
    try TrainingFixture.trainer(fresh).fit(data, epochs: 1, batchSize: 20)
    try TrainingFixture.trainer(evaluated).fit(data, epochs: 1, batchSize: 20)
    expectEqual(TrainingFixture.bits(fresh), TrainingFixture.bits(evaluated))
    let undropped = TrainingFixture.model(rate: 0)
    try TrainingFixture.trainer(undropped).fit(data, epochs: 1, batchSize: 20)
    expectNotEqual(TrainingFixture.bits(undropped), TrainingFixture.bits(fresh))
  }

  @Test func trainsAlsoWhereGradientsAreOff() throws {
    let model = TrainingFixture.model()
    let before = TrainingFixture.bits(model)
    _ = try withGradients(false) { try TrainingFixture.trainer(model).fit(data, epochs: 1, batchSize: 20) }
    expectNotEqual(TrainingFixture.bits(model), before)
  }

  @Test func theScheduleSetsTheRateOfEveryStep() throws {
    let recorder = Recorder()
    let schedule = StepSchedule(0.4, every: 3, factor: 0.5)
    let trainer = TrainingFixture.trainer(TrainingFixture.model(), schedule: schedule, callbacks: [recorder])
    try trainer.fit(data, epochs: 2, batchSize: 30)
    expectEqual(recorder.steps.map(\.learningRate), [0.4, 0.4, 0.4, 0.2, 0.2, 0.2])
    expectEqual(trainer.optimizer.learningRate, 0.2)
    expectEqual(recorder.epochs.map(\.learningRate), [0.4, 0.2])
  }

  @Test func theScheduleOfRatesSetsTheLayersBeforeEveryStepAndIsLogged() throws {
    let model = TrainingFixture.model()
    var seen: [Double] = []
    let recorder = Recorder { _ throws(MoultError) in seen.append(model.dropout.rate) }
    let trainer = TrainingFixture.trainer(
      model, rates: ScheduledRates(model, LinearSchedule(from: 0, to: 0.5, over: 5)), callbacks: [recorder])
    let history = try trainer.fit(data, epochs: 2, batchSize: 30)
    expectEqual(seen, (0...5).map { Double($0) / 5 * 0.5 })
    expectEqual(history.epochs.map(\.dropoutRates), [["dropout": 0.2], ["dropout": 0.5]])
    expectTrue(history.epochs[0].json.line.contains(#","dropout_rates":{"dropout":0.2},"#))
    let plain = try TrainingFixture.trainer(TrainingFixture.model()).fit(data, epochs: 1, batchSize: 30)
    expectTrue(plain.epochs[0].dropoutRates == nil && !plain.epochs[0].json.line.contains("dropout_rates"))
  }

  @Test func aScheduleOfRatesDoesWhatSettingThemByHandDoes() throws {
    let (scheduled, byHand) = (TrainingFixture.model(rate: 0.9), TrainingFixture.model(rate: 0))
    let schedule = EarlyRate(0.4, for: 7)
    try TrainingFixture.trainer(scheduled, rates: ScheduledRates(scheduled, schedule))
      .fit(data, epochs: 3, batchSize: 20)
    byHand.dropout.rate = schedule.value(at: 0)
    let setter = Recorder { step throws(MoultError) in byHand.dropout.rate = schedule.value(at: step.step) }
    let trainer = TrainingFixture.trainer(byHand, callbacks: [setter])
    for _ in 0..<3 { try trainer.fit(data, epochs: 1, batchSize: 20) }
    expectEqual(TrainingFixture.bits(scheduled), TrainingFixture.bits(byHand))
  }

  @Test func whatLayersAddToTheLossIsTrainedOnWholeAndInPieces() throws {
    struct Priced: Module {
      let linear = Linear(4, 3)
      let price: ActivityRegularizer
      init(_ strength: Double) { price = ActivityRegularizer(L2(strength)) }
      func callAsFunction(_ x: Tensor) -> Tensor { price(linear(x)) }
    }
    func norm(price: Double, microBatchSize: Int?) throws -> (norm: Float, loss: Double) {
      let model = withSeed(1) { Priced(price) }
      let trainer = Trainer(
        model, optimizer: SGD(model.parameters(), learningRate: 0.05), loss: crossEntropy, seed: 3,
        microBatchSize: microBatchSize)
      let history = try trainer.fit(data, epochs: 3, batchSize: 20)
      return ((model.linear.weight.value * model.linear.weight.value).sum().item(), history.epochs[0].trainLoss)
    }
    let (whole, pieces) = (try norm(price: 5, microBatchSize: nil), try norm(price: 5, microBatchSize: 7))
    let free = try norm(price: 0, microBatchSize: nil)
    expectLess(whole.norm, free.norm / 4)
    expectGreater(whole.loss, free.loss + 0.5, "the price is part of the loss that is reported")
    expectLess(abs(whole.norm - pieces.norm), 1e-5)
  }

  @Test func anObjectiveIsWhatIsMinimizedAndTheLossWhatIsValidated() throws {
    func mixed(_ model: TinyNetwork) -> Trainer<TinyNetwork>.Objective {
      { inputs, labels in
        let batch = mixup(inputs, labels, alpha: 1)
        return batch.loss(of: model(batch.inputs), crossEntropy)
      }
    }
    func optimizer(_ model: TinyNetwork) -> SGD { SGD(model.parameters(), learningRate: 0.1, momentum: 0.9) }
    let (trained, byHand, plain) = (TrainingFixture.model(), TrainingFixture.model(), TrainingFixture.model())
    let history = try Trainer(
      trained, optimizer: optimizer(trained), loss: crossEntropy, objective: mixed(trained), seed: 3
    ).fit(data, validation: data, epochs: 2, batchSize: 20)
    let (hand, objective) = (optimizer(byHand), mixed(byHand))
    var losses: [[Double]] = []
    withSeed(3) {
      byHand.train()
      var step = 0
      for epoch in 0..<2 {
        losses.append([])
        for batch in data.batches(of: 20, shuffledBy: 3, epoch: epoch) {
          let loss = withStep(step) { objective(batch.inputs, batch.labels) }
          losses[epoch].append(loss.item(as: Double.self) * Double(batch.inputs.shape[0]))
          hand.step(minimizing: loss)
          step += 1
        }
      }
    }
    expectEqual(TrainingFixture.bits(trained), TrainingFixture.bits(byHand))
    for (record, losses) in zip(history.epochs, losses) {
      expectLess(abs(record.trainLoss - losses.reduce(0, +) / Double(data.count)), 1e-9)
      expectNil(record.trainAccuracy, "what the model answered is not known")
    }
    expectEqual(history.epochs[1].validationLoss, trained.evaluate(on: data, loss: { crossEntropy($0, $1) }).loss)
    try TrainingFixture.trainer(plain).fit(data, epochs: 2, batchSize: 20)
    expectNotEqual(TrainingFixture.bits(trained), TrainingFixture.bits(plain))
  }

  @Test func callbacksAreToldInOrderWithWhatIsTrue() throws {
    let recorder = Recorder()
    let trainer = TrainingFixture.trainer(TrainingFixture.model(), callbacks: [recorder])
    let history = try trainer.fit(data, validation: TrainingFixture.points(9), epochs: 2, batchSize: 50)
    expectEqual(recorder.events, ["begin", "step 1", "step 2", "epoch 1", "step 3", "step 4", "epoch 2", "end"])
    let plan = try unwrapped(recorder.plans.first)
    expectTrue(plan.stepsPerEpoch == 2 && plan.sampleCount == 90 && plan.lastEpoch == 2)
    expectEqual(recorder.steps.map(\.samples), [50, 90, 50, 90])
    let last = recorder.steps[1]
    let mean = (recorder.steps[0].loss * 50 + last.loss * 40) / 90
    expectLess(abs(last.meanLoss - mean), 1e-12)
    expectEqual(recorder.epochs, history.epochs)
    expectEqual(recorder.ends, [history])
  }
}
