import Moult
import MoultTestSupport
import Testing

@Suite struct TrainerErrorTests {
  private let data = TrainingFixture.points(30)

  private func error(_ body: () throws -> Void) throws -> MoultError {
    try #require(throws: MoultError.self) { try body() }
  }

  @Test func epochsBelowOneAreRefused() throws {
    let error = try error { try TrainingFixture.trainer(TrainingFixture.model()).fit(data, epochs: -1, batchSize: 10) }
    expectEqual(error.code, .usage)
    expectEqual(error.message, "Trainer.fit: expected epochs >= 0, got -1")
  }

  @Test func batchSizesBelowOneAreRefused() throws {
    let error = try error { try TrainingFixture.trainer(TrainingFixture.model()).fit(data, epochs: 1, batchSize: -1) }
    expectEqual(error.code, .usage)
    expectEqual(error.message, "Trainer.fit: expected batchSize >= 1, got -1")
  }

  @Test func microBatchSizesBelowOneAreRefused() throws {
    let trainer = TrainingFixture.trainer(TrainingFixture.model(), microBatchSize: 0)
    let error = try error { try trainer.fit(data, epochs: 1, batchSize: 10) }
    expectEqual(error.code, .usage)
    expectEqual(error.message, "Trainer.fit: expected microBatchSize >= 1, got 0")
  }

  @Test func noDataIsRefused() throws {
    let trainer = TrainingFixture.trainer(TrainingFixture.model())
    let error = try error { try trainer.fit(data.prefix(0), epochs: 1, batchSize: 10) }
    expectEqual(error.code, .badData)
    expectEqual(error.message, "Trainer.fit: expected at least one training sample, got none")
  }

  @Test func noValidationDataIsRefused() throws {
    let trainer = TrainingFixture.trainer(TrainingFixture.model())
    let error = try error { try trainer.fit(data, validation: data.prefix(0), epochs: 1, batchSize: 10) }
    expectEqual(error.code, .badData)
    expectTrue(error.message.contains("expected at least one validation sample, got none"))
  }

  @Test func aParameterThatIsNotFiniteIsNamedWithEpochAndStep() throws {
    let model = TrainingFixture.model()
    let poison = Recorder { step throws(MoultError) in
      if step.step == 4 { model.output.weight.value = Tensor.full([3, 16], .nan) }
    }
    let error = try error {
      try TrainingFixture.trainer(model, callbacks: [poison]).fit(data, epochs: 3, batchSize: 10)
    }
    expectEqual(error.code, .diverged)
    expectEqual(error.exitCode, 3)
    expectEqual(error.location, "epoch 2, step 5")
    expectTrue(error.description.hasPrefix("epoch 2, step 5: the loss became nan (learning rate 0.1)"))
    expectTrue(error.message.contains("the parameter output.weight is not finite"))
    expectEqual(poison.events.last, "end")
    expectEqual(poison.ends.first?.steps, 4)
  }

  @Test func anInputThatIsNotFiniteIsBlamedOnTheData() throws {
    var values = data.inputs.scalars(as: Float.self)
    values[17] = .infinity
    let broken = TensorDataset(inputs: Tensor(values, shape: [30, 4]), labels: data.labels)
    let model = TrainingFixture.model(rate: 0)
    let error = try error { try TrainingFixture.trainer(model).fit(broken, epochs: 1, batchSize: 30) }
    expectEqual(error.code, .diverged)
    expectTrue(error.message.contains("the batch's inputs hold a value that is not finite"))
  }

  @Test func aLossThatIsNotFiniteLeavesTheWeightsAlone() throws {
    let model = TrainingFixture.model(rate: 0)
    let before = TrainingFixture.bits(model)
    let trainer = Trainer(
      model, optimizer: SGD(model.parameters(), learningRate: 0.1),
      loss: { crossEntropy($0, $1) * Double.infinity }, seed: 1)
    let error = try error { try trainer.fit(data, epochs: 1, batchSize: 10) }
    expectEqual(error.code, .diverged)
    expectTrue(error.message.contains("the gradient of "))
    expectEqual(TrainingFixture.bits(model), before)
  }

  @Test func aRateThatIsFarTooHighDivergesWithAnError() throws {
    let trainer = TrainingFixture.trainer(TrainingFixture.model(), learningRate: 1e30)
    let error = try error { try trainer.fit(data, epochs: 20, batchSize: 10) }
    expectEqual(error.code, .diverged)
  }

  /// A hook that throws any error, as most people write it, is called like one that throws a `MoultError`.
  @Test func aForeignErrorOfACallbackIsTheCauseOfTheErrorOfFit() throws {
    struct Full: Error {}
    final class Failing: Callback {
      var epochs = 0
      func onEpochEnd(_ epoch: EpochRecord) throws {
        epochs += 1
        if epochs == 2 { throw Full() }
      }
    }
    let failing = Failing(), recorder = Recorder()
    let error = #expect(throws: MoultError.self) {
      try TrainingFixture.trainer(TrainingFixture.model(), callbacks: [failing, recorder])
        .fit(data, epochs: 5, batchSize: 10)
    }
    expectEqual(error, MoultError(.failure, "the callback Failing failed", cause: "Full()"))
    expectEqual(failing.epochs, 2)
    expectEqual(recorder.ends.first?.epochs.count, 2)
  }

  @Test func closuresAreCallbacks() throws {
    let recorder = Recorder()
    var events: [String] = [], saved = 0
    try TrainingFixture.trainer(
      TrainingFixture.model(),
      callbacks: [
        recorder, .onTrainBegin { _ in events.append("begin") }, .onStepEnd { events.append("step \($0.step)") },
        .onEpochEnd { events.append("epoch \($0.epoch)") }, .onSavePoint { _ in saved += 1 },
        .onTrainEnd { _ in events.append("end") },
      ]
    ).fit(data, epochs: 2, batchSize: 10)
    expectEqual(events, recorder.events)
    expectEqual(saved, 2)
    #expect(throws: MoultError(.usage, "enough")) {
      try TrainingFixture.trainer(
        TrainingFixture.model(), callbacks: [.onStepEnd { _ in throw MoultError(.usage, "enough") }]
      ).fit(data, epochs: 1, batchSize: 10)
    }
  }

  /// The state includes the callbacks, one of which is being called.
  @Test func aHookMayReadTheStateOfItsTrainer() throws {
    final class Owner { var trainer: Trainer<TinyNetwork>? }
    let owner = Owner()
    var steps: [Int] = []
    func note() { if let trainer = owner.trainer { steps.append(trainer.state().completedSteps) } }
    let trainer = TrainingFixture.trainer(
      TrainingFixture.model(),
      callbacks: [
        .onTrainBegin { _ in note() }, .onStepEnd { _ in note() }, .onEpochEnd { _ in note() },
        .onTrainEnd { _ in note() },
      ])
    owner.trainer = trainer
    try trainer.fit(data, epochs: 1, batchSize: 15)
    let count = trainer.completedSteps
    expectEqual(steps, [0] + Array(1...count) + [count, count])
    owner.trainer = nil
  }

  @Test func anErrorOfACallbackEndsTraining() throws {
    let failing = Recorder { step throws(MoultError) in
      if step.step == 2 { throw MoultError(.cannotWrite, "the disk is full") }
    }
    let error = try error {
      try TrainingFixture.trainer(TrainingFixture.model(), callbacks: [failing]).fit(data, epochs: 1, batchSize: 10)
    }
    expectEqual(error.message, "the disk is full")
    expectEqual(failing.events, ["begin", "step 1", "step 2", "end"])
  }

  @Test func aValidationLossThatIsNotFiniteIsDivergence() throws {
    let recorder = Recorder()
    let trainer = TrainingFixture.trainer(TrainingFixture.model(), learningRate: 1e38, callbacks: [recorder])
    let error = try error { try trainer.fit(data, validation: data, epochs: 1, batchSize: 30) }
    expectEqual(error.code, .diverged)
    expectEqual(error.location, "epoch 1, after step 1")
    expectTrue(error.message.contains("the validation loss became "))
    expectEqual(recorder.events, ["begin", "step 1", "end"])
  }

  @Test func weightsThatTheLastStepBrokeAreDivergenceWithoutValidationToo() throws {
    let model = TrainingFixture.model()
    let poison = Recorder { step throws(MoultError) in
      if step.step == 2 { model.hidden.bias?.value = Tensor.full([16], .infinity) }
    }
    let error = try error {
      try TrainingFixture.trainer(model, callbacks: [poison]).fit(data, epochs: 1, batchSize: 15)
    }
    expectEqual(error.code, .diverged)
    expectEqual(error.location, "epoch 1, after step 2")
    expectTrue(error.message.contains("the parameter hidden.bias is not finite"))
  }
}
