import MoultCore
import MoultNN

/// Trains a model: epochs, shuffled batches, masks that do not depend on how a batch is split, validation and
/// callbacks.
///
///     let trainer = Trainer(model, optimizer: optimizer, loss: crossEntropy, seed: 1)
///     let history = try trainer.fit(data.train, validation: data.test, epochs: 20, batchSize: 100)
///
/// A second call of `fit` goes on where the first ended, within an epoch too when that was interrupted: the count of
/// steps and epochs, and so masks, order of samples and learning rate, never start over. The same seed gives the same
/// weights, bit for bit, for any number of threads.
public final class Trainer<Model: Module> where Model.Input == Tensor, Model.Output == Tensor {
  /// The mean loss of a batch, from the model's output and the labels.
  public typealias Loss = (_ output: Tensor, _ labels: Tensor) -> Tensor

  /// The mean loss of a batch, from its inputs and labels: for losses that run the model themselves.
  public typealias Objective = (_ inputs: Tensor, _ labels: Tensor) -> Tensor

  /// The model that is trained.
  public let model: Model
  /// The optimizer that updates the model's parameters.
  public let optimizer: any Optimizer
  /// The seed of the masks and of the order of samples.
  public let seed: UInt64
  /// Samples that go through the network at once, or `nil` for the whole batch. It bounds memory and changes neither
  /// masks nor (but for rounding) gradients.
  public let microBatchSize: Int?
  /// Steps taken by all calls of `fit`.
  public internal(set) var completedSteps = 0
  /// Epochs finished by all calls of `fit`.
  public internal(set) var completedEpochs = 0

  /// The sums of the epoch that has begun; its batches are not trained on again when `fit` is called again.
  var begun = EpochTotals()
  /// Samples of the data set that this epoch runs over.
  var begunCount = 0
  /// The reason for which callbacks ended training where a loaded state was saved: the next `fit` ends there too.
  var loadedStopReason: String?

  let loss: Loss
  let objective: Objective?
  private let validationLoss: Loss
  let evaluatedTraining: Dataset?
  let schedule: (any Schedule)?
  let weightDecay: (any Schedule)?
  let rates: ScheduledRates?
  let gradientTransforms: [any GradientTransform]
  let stopSignal: StopSignal?
  var callbacks: [any Callback]

  /// Samples of a validation batch; larger than a training batch because nothing is kept for a backward pass.
  static var validationBatchSize: Int { 1_000 }

  /// Makes a trainer; nothing happens until `fit`.
  ///
  /// - Parameters:
  ///   - loss: mean loss of a batch, such as `crossEntropy`.
  ///   - validationLoss: the loss that validation reports, where that is not `loss` (which may be smoothed).
  ///   - objective: the loss that training steps minimize in the place of `loss`, such as one that runs the model
  ///     twice; the accuracy of training is not known then.
  ///   - seed: the seed of the masks and of the order of samples; the weights are those of the model.
  ///   - schedule: sets the optimizer's learning rate before each step; without one the optimizer keeps its own.
  ///   - weightDecay: sets the optimizer's weight decay before each step; without one the optimizer keeps its own.
  ///   - rates: sets the rates of dropout layers before each step, and leaves them at the last one's; without it layers
  ///     keep their own.
  ///   - gradientTransforms: change the gradients between the backward pass and the optimizer's step, such as
  ///     `[.clipNorm(1)]`; see ``GradientTransform``.
  ///   - microBatchSize: samples that go through the network at once, the whole batch by default.
  ///   - evaluatedTraining: training samples on which the model is evaluated after every epoch, as on the validation
  ///     data, so that the generalization gap is known. The training loss itself is taken with dropout and while the
  ///     weights change.
  ///   - stopSignal: when it is set, training ends after the current step.
  public init(
    _ model: Model, optimizer: any Optimizer, loss: @escaping Loss, validationLoss: Loss? = nil,
    objective: Objective? = nil, seed: UInt64, schedule: (any Schedule)? = nil,
    weightDecay: (any Schedule)? = nil, rates: ScheduledRates? = nil,
    gradientTransforms: [any GradientTransform] = [], callbacks: [any Callback] = [], microBatchSize: Int? = nil,
    evaluatedTraining: Dataset? = nil, stopSignal: StopSignal? = nil
  ) {
    self.model = model
    self.optimizer = optimizer
    self.loss = loss
    self.validationLoss = validationLoss ?? loss
    self.objective = objective
    self.seed = seed
    self.schedule = schedule
    self.weightDecay = weightDecay
    self.rates = rates
    self.gradientTransforms = gradientTransforms
    self.callbacks = callbacks
    self.microBatchSize = microBatchSize
    self.evaluatedTraining = evaluatedTraining
    self.stopSignal = stopSignal
  }

  /// Trains for `epochs` epochs, or until a callback has a `stopReason`, and returns the record of it.
  ///
  /// Every epoch begins with `model.train()`; validation runs in evaluation mode and leaves the modes alone. The last
  /// batch of an epoch holds the samples that are left over. An epoch that an earlier call has begun counts as the
  /// first of `epochs` and goes on with its next batch; over data of another size it begins anew. With 0 epochs
  /// training only begins and ends: callbacks such as `EarlyStopping` do what they do at the end.
  ///
  /// - Throws: `MoultError` with code `.usage` or `.badData` for settings and data that cannot work, `.diverged` when
  ///   the loss is no longer finite, and whatever a callback throws.
  @discardableResult
  public func fit(
    _ data: Dataset, validation: Dataset? = nil, epochs: Int, batchSize: Int
  ) throws(MoultError) -> History {
    try check(data: data, validation: validation, epochs: epochs, batchSize: batchSize)
    let plan = TrainingPlan(
      lastEpoch: completedEpochs + epochs, epochs: epochs, stepsPerEpoch: (data.count - 1) / batchSize + 1,
      batchSize: batchSize, sampleCount: data.count)
    var history = History()
    let outcome = withSeed(seed) {
      withGradients(true) {
        Result { () throws(MoultError) in
          try self.run(plan, data: data, validation: validation, history: &history)
        }
      }
    }
    // The end is announced to all in any case, so that a bar can finish its line and a screen is given back; the first
    // error is the one that counts.
    var failure: MoultError?
    for index in callbacks.indices {
      do {
        try callbacks[index].onTrainEnd(history)
      } catch {
        failure = failure ?? error
      }
    }
    try outcome.get()
    if let failure { throw failure }
    return history
  }

  private func run(
    _ plan: TrainingPlan, data: Dataset, validation: Dataset?, history: inout History
  ) throws(MoultError) {
    for index in callbacks.indices { try callbacks[index].onTrainBegin(plan) }
    if let reason = loadedStopReason {
      (loadedStopReason, history.stopReason) = (nil, reason)
      return
    }
    if begunCount != data.count { (begun, begunCount) = (EpochTotals(), data.count) }
    while completedEpochs < plan.lastEpoch {
      model.train()
      try trainToEndOfEpoch(plan, data: data, history: &history)
      // An interrupt in the epoch's last step leaves a whole epoch, which is recorded like any other.
      if begun.samples < data.count {
        try announceSavePoint(after: nil, of: plan, history)
        break
      }
      completedEpochs += 1
      let totals = begun
      begun = EpochTotals()
      let record = try record(of: totals, validation: validation)
      history.epochs.append(record)
      for index in callbacks.indices { try callbacks[index].onEpochEnd(record) }
      if completedEpochs < plan.lastEpoch {
        history.stopReason = callbacks.lazy.compactMap { $0.stopReason }.first
      }
      // A training that ends here anyway was not interrupted.
      if completedEpochs == plan.lastEpoch || history.stopReason != nil { history.interrupted = nil }
      try announceSavePoint(after: record, of: plan, history)
      if history.interrupted != nil || history.stopReason != nil { break }
    }
    if let error = divergedParameter() { throw error }
  }

  /// Takes the steps that are left of the epoch, or fewer if it is asked to stop.
  private func trainToEndOfEpoch(
    _ plan: TrainingPlan, data: Dataset, history: inout History
  ) throws(MoultError) {
    let before = begun
    let clock = ContinuousClock()
    let start = clock.now
    defer {
      begun.seconds += (clock.now - start) / .seconds(1)
      history.steps += begun.steps - before.steps
      history.samples += begun.samples - before.samples
      history.seconds += begun.seconds - before.seconds
    }
    let batches = data.batches(of: plan.batchSize, shuffledBy: seed, epoch: completedEpochs)
    for batch in batches.dropping(firstSamples: before.samples) {
      applySchedules()
      var accuracy = begun.accuracy
      let loss = try step(on: batch, accuracy: &accuracy)
      completedSteps += 1
      begun.add(loss: loss, samples: batch.inputs.shape[0], accuracy: accuracy)
      try announce(begun, loss: loss)
      if let signal = stopSignal?.requestedSignal {
        history.interrupted = signal
        return
      }
    }
  }

  /// Sets learning rate, weight decay and dropout rates for the next step.
  func applySchedules() {
    if let schedule { optimizer.learningRate = schedule.value(at: completedSteps) }
    if let weightDecay { optimizer.weightDecay = weightDecay.value(at: completedSteps) }
    rates?.apply(at: completedSteps)
  }

  private func announce(_ totals: EpochTotals, loss: Double) throws(MoultError) {
    if callbacks.isEmpty { return }
    let record = StepRecord(
      epoch: completedEpochs + 1, step: completedSteps, stepInEpoch: totals.steps, loss: loss,
      meanLoss: totals.meanLoss, meanAccuracy: totals.accuracy.value, learningRate: optimizer.learningRate,
      samples: totals.samples)
    for index in callbacks.indices { try callbacks[index].onStepEnd(record) }
  }

  private func announceSavePoint(
    after epoch: EpochRecord?, of plan: TrainingPlan, _ history: History
  ) throws(MoultError) {
    let isLast = completedEpochs == plan.lastEpoch || history.interrupted != nil || history.stopReason != nil
    let point = SavePoint(
      completedEpochs: completedEpochs, epoch: epoch, isLast: isLast,
      makeState: { self.state(stopReason: history.stopReason) },
      save: { path throws(MoultError) in try self.model.save(to: path) })
    for index in callbacks.indices {
      // Called on a copy, as the state of the point reads the callbacks.
      var callback = callbacks[index]
      try callback.onSavePoint(point)
      callbacks[index] = callback
    }
  }

  private func record(of totals: EpochTotals, validation: Dataset?) throws(MoultError) -> EpochRecord {
    func evaluate(_ data: Dataset) -> Evaluation {
      model.evaluate(on: data, loss: validationLoss, batchSize: Self.validationBatchSize)
    }
    let evaluation = validation.map(evaluate), training = evaluatedTraining.map(evaluate)
    if let loss = evaluation?.loss, !loss.isFinite { throw divergence(validationLoss: loss) }
    return EpochRecord(
      epoch: completedEpochs, steps: completedSteps, trainLoss: totals.meanLoss, trainAccuracy: totals.accuracy.value,
      validationLoss: evaluation?.loss, validationAccuracy: evaluation?.accuracy,
      trainEvaluationLoss: training?.loss, trainEvaluationAccuracy: training?.accuracy,
      learningRate: optimizer.learningRate,
      dropoutRates: rates?.rates, seconds: totals.seconds,
      samplesPerSecond: totals.seconds > 0 ? Double(totals.samples) / totals.seconds : 0)
  }
}
