import MoultCore
import MoultNN
import Synchronization

/// Trains a model on shuffled batches over several epochs, with validation, callbacks, and dropout masks that do not
/// depend on how a batch is split.
///
///     let trainer = Trainer(model, optimizer: optimizer, loss: crossEntropy, seed: 1)
///     let history = try trainer.fit(data.train, validation: data.test, epochs: 20, batchSize: 100)
///
/// What other libraries have is found here:
///
/// | term | here |
/// |---|---|
/// | gradient clipping by norm or value | `gradientTransforms: [.clipNorm(1)]`, `[.clipValue(0.5)]` |
/// | gradient accumulation | `microBatchSize`: a step on `batchSize` samples in parts of `microBatchSize` |
/// | class weights | `crossEntropy(_:_:classWeights:)`, ``TensorDataset/balancedClassWeights(classCount:)`` |
/// | sample weights | `TensorDataset(inputs:labels:weights:)` and `weightedLoss` |
/// | exponential moving average (EMA) of weights, stochastic weight averaging (SWA) | ``WeightAverage`` |
/// | learning-rate schedules and warmup, weight decay schedules | `schedule`, `weightDecay` |
/// | early stopping, checkpoints | ``EarlyStopping``, ``Checkpoint`` |
/// | several inputs or outputs, custom training steps | `objective`, a closure of the model and the batch |
///
/// A second call of `fit` continues where the first one ended, even within an epoch: the counts of steps and epochs,
/// and with them the masks, the order of samples and the learning rate schedule, continue. The same seed gives the same
/// weights, bit for bit, for any number of threads.
///
/// A trainer trains once at a time: `fit` during another `fit` throws an error. While it trains in another task, use it
/// in no other way.
public final class Trainer<Model: Module> {
  /// Returns the mean loss of a batch from the model output and the labels.
  public typealias Loss = (_ output: Tensor, _ labels: Tensor) -> Tensor

  /// Returns the mean loss of a batch from the inputs and labels, for losses that run the model themselves.
  public typealias Objective = (_ inputs: Tensor, _ labels: Tensor) -> Tensor

  /// Returns the weighted mean loss of a batch from the model output, the labels and the weights `[B]` of the samples.
  public typealias WeightedLoss = (_ output: Tensor, _ labels: Tensor, _ weights: Tensor) -> Tensor

  /// Returns a tensor, such as the mean loss, from the model and a batch.
  public typealias BatchObjective = (_ model: Model, _ batch: Batch) -> Tensor

  /// The model that is trained.
  public let model: Model
  /// The optimizer that updates the model's parameters.
  public let optimizer: any Optimizer
  /// The seed of the masks and of the order of the samples.
  public let seed: UInt64
  /// The number of samples per forward and backward pass (gradient accumulation); nil for the whole batch. A smaller
  /// number needs less memory.
  /// It does not change the masks, and changes gradients only by rounding if layers use no batch statistics and the
  /// loss is a mean over the samples.
  public let microBatchSize: Int?
  /// The number of steps taken by all calls of `fit`.
  public internal(set) var completedSteps = 0
  /// The number of epochs finished by all calls of `fit`.
  public internal(set) var completedEpochs = 0

  /// The sums of the unfinished epoch. The next call of `fit` continues this epoch and skips its processed batches.
  var begun = EpochTotals()
  /// The number of samples of the data set of the unfinished epoch.
  var begunCount = 0
  /// The stop reason of callbacks in a loaded state; the next call of `fit` ends immediately with this reason.
  var loadedStopReason: String?

  let losses: LossFunctions<Model>
  /// The metrics of the validation data, without samples.
  let metrics: [any Metric]
  let evaluatedTraining: (any Dataset)?
  let schedule: (any Schedule)?
  let weightDecay: (any Schedule)?
  let rates: ScheduledRates?
  let gradientTransforms: [any GradientTransform]
  let stopSignal: StopSignal?
  var callbacks: [any Callback]
  let isBusy = Atomic<Bool>(false)

  /// The number of samples of a validation batch. It can be larger than a training batch, since no memory is kept for a
  /// backward pass.
  static var validationBatchSize: Int { 1_000 }

  init(
    _ model: Model, optimizer: any Optimizer, losses: LossFunctions<Model>, seed: UInt64, metrics: [any Metric],
    schedule: (any Schedule)?, weightDecay: (any Schedule)?, rates: ScheduledRates?,
    gradientTransforms: [any GradientTransform], callbacks: [any Callback], microBatchSize: Int?,
    evaluatedTraining: (any Dataset)?, stopSignal: StopSignal?
  ) {
    self.model = model
    self.optimizer = optimizer
    self.losses = losses
    self.seed = seed
    self.metrics = metrics
    self.schedule = schedule
    self.weightDecay = weightDecay
    self.rates = rates
    self.gradientTransforms = gradientTransforms
    self.callbacks = callbacks
    self.microBatchSize = microBatchSize
    self.evaluatedTraining = evaluatedTraining
    self.stopSignal = stopSignal
  }

  /// Trains the model for a number of epochs, or until a callback has a `stopReason`, a stop is requested, or the task
  /// that calls this is cancelled. A cancellation is like a request of the stop signal: it is seen after each step.
  ///
  /// Every epoch begins with `model.train()`. Validation runs in evaluation mode without changing the modes that are
  /// set. The last batch of an epoch may be smaller. An epoch that an earlier call has begun counts as the first one
  /// and continues with its next batch; if the number of samples has changed, it starts anew. With 0 epochs only the
  /// start and end hooks of the callbacks are called.
  ///
  /// - Parameters:
  ///   - data: The training data, at least one sample.
  ///   - validation: The data to evaluate after each epoch; nil for none.
  ///   - epochs: The number of epochs, at least 0.
  ///   - batchSize: The number of samples per step, at least 1.
  /// - Returns: The metrics of this call.
  /// - Throws: An error of code `.usage` or `.badData` if settings or data are invalid, of code `.usage` if the trainer
  ///   is training already, of code `.diverged` if a loss or a weight is not finite, and the errors of data
  ///   sets and callbacks.
  @discardableResult
  public func fit(
    _ data: any Dataset, validation: (any Dataset)? = nil, epochs: Int, batchSize: Int
  ) throws(MoultError) -> History {
    try fit(data, validation: validation, epochs: epochs, batchSize: batchSize, relay: nil)
  }

  /// Trains the model as the public `fit` does, with one more callback.
  func fit(
    _ data: any Dataset, validation: (any Dataset)?, epochs: Int, batchSize: Int, relay: EventRelay?
  ) throws(MoultError) -> History {
    try exclusively { () throws(MoultError) in
      if let relay { callbacks.append(relay) }
      defer { if relay != nil { callbacks.removeLast() } }
      return try train(data, validation: validation, epochs: epochs, batchSize: batchSize)
    }
  }

  private func train(
    _ data: any Dataset, validation: (any Dataset)?, epochs: Int, batchSize: Int
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
    // All callbacks get `onTrainEnd` even after an error, so that a progress bar ends its line and a full-screen view
    // restores the terminal. If several errors occur, the first one is thrown.
    var failure: MoultError?
    for index in callbacks.indices {
      do {
        try call(index) { try $0.onTrainEnd(history) }
      } catch {
        failure = failure ?? error
      }
    }
    try outcome.get()
    if let failure { throw failure }
    return history
  }

  private func run(
    _ plan: TrainingPlan, data: any Dataset, validation: (any Dataset)?, history: inout History
  ) throws(MoultError) {
    for index in callbacks.indices { try call(index) { try $0.onTrainBegin(plan) } }
    if let reason = loadedStopReason {
      (loadedStopReason, history.stopReason) = (nil, reason)
      return
    }
    if begunCount != data.count { (begun, begunCount) = (EpochTotals(), data.count) }
    while completedEpochs < plan.lastEpoch {
      model.train()
      try trainToEndOfEpoch(plan, data: data, history: &history)
      // If the stop was requested in the last step of an epoch, the epoch is complete and is recorded as usual.
      if begun.samples < data.count {
        try announceSavePoint(after: nil, of: plan, history)
        break
      }
      completedEpochs += 1
      let totals = begun
      begun = EpochTotals()
      let record = try record(of: totals, validation: validation)
      history.epochs.append(record)
      for index in callbacks.indices { try call(index) { try $0.onEpochEnd(record) } }
      if completedEpochs < plan.lastEpoch {
        history.stopReason = callbacks.lazy.compactMap { $0.stopReason }.first
      }
      // A training that ends here anyway does not count as interrupted.
      if completedEpochs == plan.lastEpoch || history.stopReason != nil { history.interrupted = nil }
      try announceSavePoint(after: record, of: plan, history)
      if history.interrupted != nil || history.stopReason != nil { break }
    }
    if let error = divergedParameter() { throw error }
  }

  /// Takes the remaining steps of the epoch, or fewer if a stop is requested.
  private func trainToEndOfEpoch(
    _ plan: TrainingPlan, data: any Dataset, history: inout History
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
    batches.skip(before.samples)
    while let batch = try batches.next() {
      applySchedules()
      var accuracy = begun.accuracy
      let loss = try step(on: batch, accuracy: &accuracy)
      completedSteps += 1
      begun.add(loss: loss, of: batch, accuracy: accuracy)
      try announce(begun, loss: loss)
      if let signal = stopSignal?.requestedSignal ?? (Task.isCancelled ? StopSignal.interrupt : nil) {
        history.interrupted = signal
        return
      }
    }
  }

  /// Sets the learning rate, weight decay and dropout rates for the next step.
  func applySchedules() {
    if let schedule { optimizer.learningRate = schedule.value(at: completedSteps) }
    if let weightDecay { optimizer.weightDecay = weightDecay.value(at: completedSteps) }
    rates?.apply(at: completedSteps)
  }

  private func record(of totals: EpochTotals, validation: (any Dataset)?) throws(MoultError) -> EpochRecord {
    func evaluated(_ data: (any Dataset)?) throws(MoultError) -> Evaluation? {
      if let data { try evaluate(on: data) } else { nil }
    }
    let evaluation = try evaluated(validation), training = try evaluated(evaluatedTraining)
    if let loss = evaluation?.loss, !loss.isFinite { throw divergence(validationLoss: loss) }
    return EpochRecord(
      epoch: completedEpochs, steps: completedSteps, trainLoss: totals.meanLoss, trainAccuracy: totals.accuracy.value,
      validationLoss: evaluation?.loss, validationAccuracy: evaluation?.accuracy,
      validationMetrics: metrics.isEmpty ? nil : evaluation?.metrics, trainEvaluationLoss: training?.loss,
      trainEvaluationAccuracy: training?.accuracy, trainEvaluationMetrics: metrics.isEmpty ? nil : training?.metrics,
      learningRate: optimizer.learningRate, dropoutRates: rates?.rates, seconds: totals.seconds,
      samplesPerSecond: totals.seconds > 0 ? Double(totals.samples) / totals.seconds : 0)
  }
}
