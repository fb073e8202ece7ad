import Moult
import MoultPlatform
import MoultReport

extension TrainingJob {
  /// The network with its first weights.
  func makeModel() -> MLP { withSeed(seed) { MLP(settings.network) } }

  /// The trainer of the run, of a dry run and of the search for a learning rate.
  ///
  /// - Parameters:
  ///   - schedule: The learning-rate schedule; nil for the constant learning rate of the optimizer.
  ///   - evaluatedTraining: Training samples that are evaluated after every epoch.
  func makeTrainer(
    _ model: MLP, schedule: (any Schedule)?, callbacks: [any Callback] = [],
    evaluatedTraining: Dataset? = nil, stopSignal: StopSignal? = nil
  ) -> Trainer<MLP> {
    Trainer(
      model, optimizer: settings.makeOptimizer(model.parameters()),
      loss: data.loss(
        labelSmoothing: settings[\.recipe.labelSmoothing], weighting: settings[\.recipe.classWeights]),
      validationLoss: data.loss(), objective: objective(of: model), seed: seed, schedule: schedule,
      callbacks: callbacks, evaluatedTraining: evaluatedTraining, stopSignal: stopSignal)
  }

  /// The loss of a variant that is a loss; nil for other variants.
  private func objective(of model: MLP) -> Trainer<MLP>.Objective? {
    guard case .loss(let loss) = settings.network.variant?.place else { return nil }
    let rate = settings.network.dropout
    return { inputs, labels in loss(model, inputs, labels, rate) }
  }

  /// The callbacks of a run. Those with state are always the same in the same order.
  ///
  /// - Parameter identity: The identity of the training, which its checkpoint names.
  func callbacks(
    _ model: MLP, _ folder: RunFolder, identity: String, from state: TrainingState?, _ stopSignal: StopSignal
  ) throws(MoultError) -> [any Callback] {
    var callbacks: [any Callback] = []
    if let state {
      callbacks = [
        try MetricsLog(path: folder.metrics, appendingAfterEpoch: state.completedEpochs),
        try CSVLog(path: folder.table, appendingAfterEpoch: state.completedEpochs),
        try TensorBoardLog(path: folder.events, appendingAfterStep: state.completedSteps),
      ]
    } else {
      callbacks = [
        try MetricsLog(path: folder.metrics), try CSVLog(path: folder.table), try TensorBoardLog(path: folder.events),
      ]
    }
    // First, so that a full screen is restored before the other callbacks end.
    if !common.quiet { callbacks.insert(progress, at: 0) }
    if common.json { callbacks.append(JSONEvents()) }
    if settings[\.recipe.patience] > 0 {
      callbacks.append(EarlyStopping(patience: settings[\.recipe.patience], restoring: model.parameters()))
    }
    if let timeLimit { callbacks.append(TimeLimit(seconds: timeLimit, stopSignal)) }
    if let keptEvery { callbacks.append(KeptModels(every: keptEvery, path: folder.model)) }
    callbacks.append(RunCheckpoint(to: folder.checkpoint, identity: identity, epochs: epochs))
    return callbacks
  }

  /// The full screen, if it was asked for and can be had, else a line.
  private var progress: any Callback {
    guard tui else { return ProgressBar(noColor: common.noColor) }
    let isShared = common.json && isatty(StandardStream.output.fileDescriptor) == 1
    let title = [source, "\(layers)", "\(settings.network.variantName) \(settings.network.dropout)"]
    if !isShared, let view = LiveView(title: title, noColor: common.noColor) { return view }
    common.message(
      "--tui needs a terminal of its own that may be colored (no pipe, NO_COLOR, TERM=dumb or JSON); "
        + "going on with plain lines")
    return ProgressBar(noColor: common.noColor)
  }
}

/// Prints one JSON line per epoch on standard output.
private struct JSONEvents: Callback {
  func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    try Console.report(epoch.json)
  }
}
