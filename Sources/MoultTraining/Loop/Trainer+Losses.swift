import MoultCore
import MoultNN

extension Trainer where Model.Input == Tensor, Model.Output == Tensor {
  /// Makes a trainer. Training begins with the call of `fit`.
  ///
  /// - Parameters:
  ///   - model: The model to train.
  ///   - optimizer: The optimizer that updates the parameters of the model.
  ///   - loss: Returns the mean loss of a batch, such as `crossEntropy`.
  ///   - validationLoss: The loss to report for validation data; nil for `loss`. Set it for example if `loss` smooths
  ///     the labels.
  ///   - objective: The loss that training steps minimize instead of `loss`; it runs the model itself, for example
  ///     twice. With an objective no training accuracy is measured.
  ///   - seed: The seed of the masks and of the order of the samples. The initial weights do not depend on it.
  ///   - metrics: The metrics to compute after every epoch on the validation data and on `evaluatedTraining`, with
  ///     different names, such as `[.accuracy, .f1()]`; see ``Metric``.
  ///   - schedule: The learning rate at each step; nil to keep that of the optimizer.
  ///   - weightDecay: The weight decay coefficient at each step; nil to keep that of the optimizer.
  ///   - rates: The dropout rates of layers at each step. The layers keep the rates of the last step. nil to keep the
  ///     rates of the layers.
  ///   - gradientTransforms: Changes of the gradients between the backward pass and the optimizer step: gradient
  ///     clipping by norm, `[.clipNorm(1)]`, or by value, `[.clipValue(0.5)]`; see ``GradientTransform``.
  ///   - callbacks: The callbacks, called in this order.
  ///   - microBatchSize: The number of samples per forward and backward pass (gradient accumulation), at least 1; nil
  ///     for the whole batch.
  ///   - evaluatedTraining: Training samples on which the model is evaluated after every epoch, as on the validation
  ///     data, to measure the generalization gap. The training loss does not show it, as it is measured with dropout
  ///     and while the weights change.
  ///   - stopSignal: Ends training after the current step when a stop is requested.
  public convenience init(
    _ model: Model, optimizer: any Optimizer, loss: @escaping Loss, validationLoss: Loss? = nil,
    objective: Objective? = nil, seed: UInt64, metrics: [any Metric] = [], schedule: (any Schedule)? = nil,
    weightDecay: (any Schedule)? = nil, rates: ScheduledRates? = nil,
    gradientTransforms: [any GradientTransform] = [], callbacks: [any Callback] = [], microBatchSize: Int? = nil,
    evaluatedTraining: (any Dataset)? = nil, stopSignal: StopSignal? = nil
  ) {
    func outputAndLoss(_ loss: @escaping Loss) -> LossFunctions<Model>.Function {
      { model, batch in
        let output = model(batch.inputs)
        return (output, loss(output, batch.labels))
      }
    }
    self.init(
      model, optimizer: optimizer,
      losses: LossFunctions(
        training: objective.map { objective in { (nil, objective($1.inputs, $1.labels)) } } ?? outputAndLoss(loss),
        validation: outputAndLoss(validationLoss ?? loss), takesWeights: false),
      seed: seed, metrics: metrics, schedule: schedule, weightDecay: weightDecay, rates: rates,
      gradientTransforms: gradientTransforms, callbacks: callbacks, microBatchSize: microBatchSize,
      evaluatedTraining: evaluatedTraining, stopSignal: stopSignal)
  }

  /// Makes a trainer for samples with weights.
  ///
  /// ```swift
  /// let weighted = TensorDataset(inputs: x, labels: labels, weights: Tensor.full([x.shape[0]], 0.5))
  /// let trainer = Trainer(
  ///   model, optimizer: optimizer,
  ///   weightedLoss: { output, labels, weights in
  ///     let losses = -gather(logSoftmax(output), labels.unsqueezed(axis: 1), axis: 1)
  ///     return (losses * weights.unsqueezed(axis: 1)).sum() / weights.sum()
  ///   }, seed: 1)
  /// try trainer.fit(weighted, epochs: 20, batchSize: 100)
  /// ```
  ///
  /// The losses of micro-batches and batches are added up by the weights of their samples, so that a mean over an epoch
  /// is the weighted mean over its samples. Metrics take the weights; accuracies in records count each sample once.
  ///
  /// - Parameters:
  ///   - weightedLoss: Returns the weighted mean loss of a batch, Σ w · l / Σ w, from output, labels and weights
  ///     `[B]`; the weights are 1 for data without weights.
  ///   - validationLoss: The loss to report for validation data; nil for `weightedLoss`.
  ///
  /// The other parameters are those of the initializer with `loss`.
  public convenience init(
    _ model: Model, optimizer: any Optimizer, weightedLoss: @escaping WeightedLoss,
    validationLoss: WeightedLoss? = nil, seed: UInt64, metrics: [any Metric] = [], schedule: (any Schedule)? = nil,
    weightDecay: (any Schedule)? = nil, rates: ScheduledRates? = nil,
    gradientTransforms: [any GradientTransform] = [], callbacks: [any Callback] = [], microBatchSize: Int? = nil,
    evaluatedTraining: (any Dataset)? = nil, stopSignal: StopSignal? = nil
  ) {
    func outputAndLoss(_ loss: @escaping WeightedLoss) -> LossFunctions<Model>.Function {
      { model, batch in
        let output = model(batch.inputs)
        return (output, loss(output, batch.labels, batch.weightsOrOnes))
      }
    }
    self.init(
      model, optimizer: optimizer,
      losses: LossFunctions(
        training: outputAndLoss(weightedLoss), validation: outputAndLoss(validationLoss ?? weightedLoss),
        takesWeights: true),
      seed: seed, metrics: metrics, schedule: schedule, weightDecay: weightDecay, rates: rates,
      gradientTransforms: gradientTransforms, callbacks: callbacks, microBatchSize: microBatchSize,
      evaluatedTraining: evaluatedTraining, stopSignal: stopSignal)
  }
}

extension Trainer {
  /// Makes a trainer for any model, with a loss that runs the model itself and sees the whole batch: for models with
  /// several inputs or outputs, or losses of more than outputs and labels.
  ///
  /// ```swift
  /// struct TwoTowers: Module {
  ///   let left = Linear(8, 4), right = Linear(3, 4)
  ///
  ///   func callAsFunction(_ x: (Tensor, Tensor)) -> Tensor { left(x.0) * right(x.1) }
  /// }
  ///
  /// let towers = TwoTowers()
  /// let trainer = Trainer(
  ///   towers, optimizer: Adam(towers.parameters()),
  ///   objective: { towers, batch in crossEntropy(towers((batch.inputs, batch["right"])), batch.labels) }, seed: 1)
  /// let pairs = TensorDataset(inputs: x, labels: labels, extras: ["right": Tensor.zeros([x.shape[0], 3])])
  /// try trainer.fit(pairs, epochs: 20, batchSize: 100)
  /// ```
  ///
  /// - Parameters:
  ///   - objective: Returns the mean loss of a batch; the weighted mean if the batch has weights. It is also the
  ///     validation loss.
  ///   - outputs: Returns the outputs of a batch for `metrics` and the validation accuracy; nil if there are none. It
  ///     runs the model once more on the validation data.
  ///
  /// The other parameters are those of the initializer with `loss`. No training accuracy is measured.
  public convenience init(
    _ model: Model, optimizer: any Optimizer, objective: @escaping BatchObjective, outputs: BatchObjective? = nil,
    seed: UInt64, metrics: [any Metric] = [], schedule: (any Schedule)? = nil, weightDecay: (any Schedule)? = nil,
    rates: ScheduledRates? = nil, gradientTransforms: [any GradientTransform] = [], callbacks: [any Callback] = [],
    microBatchSize: Int? = nil, evaluatedTraining: (any Dataset)? = nil, stopSignal: StopSignal? = nil
  ) {
    require(
      outputs != nil || metrics.isEmpty,
      "Trainer: expected outputs for the metrics \(metrics.map(\.name)), got none; give Trainer(objective:outputs:)")
    self.init(
      model, optimizer: optimizer,
      losses: LossFunctions(
        training: { (nil, objective($0, $1)) }, validation: { (outputs?($0, $1), objective($0, $1)) },
        takesWeights: true),
      seed: seed, metrics: metrics, schedule: schedule, weightDecay: weightDecay, rates: rates,
      gradientTransforms: gradientTransforms, callbacks: callbacks, microBatchSize: microBatchSize,
      evaluatedTraining: evaluatedTraining, stopSignal: stopSignal)
  }

  /// Evaluates the model on a data set with the validation loss and the metrics of this trainer, in evaluation mode.
  ///
  /// - Parameter data: The samples to evaluate on, such as test data.
  /// - Throws: The errors of `data`.
  /// - Complexity: One forward pass of each sample.
  public func evaluate(on data: any Dataset) throws(MoultError) -> Evaluation {
    try model.evaluate(on: data, metrics: metrics, batchSize: Self.validationBatchSize) { batch in
      require(losses.takesWeights || batch.weights == nil, "Trainer.evaluate: " + Self.unexpectedWeights)
      return losses.validation(model, batch)
    }
  }
}
