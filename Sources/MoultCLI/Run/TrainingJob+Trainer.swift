import Moult
import MoultPlatform
import MoultReport

extension TrainingJob {
  /// Creates the network with its initial weights.
  func makeModel() -> MLP { withSeed(seed) { MLP(settings.network) } }

  /// Creates the trainer for a run, a dry run or the learning-rate finder.
  ///
  /// - Parameters:
  ///   - model: The network.
  ///   - schedule: The learning-rate schedule; nil for the constant learning rate of the optimizer.
  ///   - callbacks: The callbacks of the training.
  ///   - evaluatedTraining: Training samples that are evaluated after every epoch; nil for none.
  ///   - stopSignal: The signal that stops training; nil for none.
  func makeTrainer(
    _ model: MLP, schedule: (any Schedule)?, callbacks: [any Callback] = [],
    evaluatedTraining: TensorDataset? = nil, stopSignal: StopSignal? = nil
  ) -> Trainer<MLP> {
    Trainer(
      model, optimizer: settings.makeOptimizer(model.parameters()),
      loss: data.loss(
        labelSmoothing: settings[\.recipe.labelSmoothing], weighting: settings[\.recipe.classWeights]),
      validationLoss: data.loss(), objective: objective(of: model), seed: seed, schedule: schedule,
      callbacks: callbacks, evaluatedTraining: evaluatedTraining, stopSignal: stopSignal)
  }

  /// Returns the training objective of a variant that is a loss; nil for other variants.
  private func objective(of model: MLP) -> Trainer<MLP>.Objective? {
    guard case .loss(let loss) = settings.network.variant?.place else { return nil }
    let rate = settings.network.dropout
    return { inputs, labels in loss(model, inputs, labels, rate) }
  }

  /// Creates the callbacks of a run. The callbacks with state are always the same and in the same order, as checkpoints
  /// require.
  ///
  /// - Parameters:
  ///   - model: The network.
  ///   - folder: The folder of the run.
  ///   - identity: The identity of the training, which is stored in checkpoints.
  ///   - state: The state of a run that is resumed; nil for a new run.
  ///   - stopSignal: The signal that stops training.
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
    // The progress display is the first callback, so that the terminal is restored before the other callbacks end.
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

  /// The progress display: the full screen if it is requested and possible, otherwise a progress line.
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

/// A callback that prints one JSON line per epoch on standard output.
private struct JSONEvents: Callback {
  func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    try Console.report(epoch.json)
  }
}
