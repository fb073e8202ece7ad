import Moult
import MoultPlatform
import MoultReport

/// One training run of the tool: builds the network, trains it, saves it, evaluates it and reports.
struct TrainingJob {
  let data: TrainingData
  let settings: RunSettings
  let common: CommonOptions
  /// Whether the full screen is shown during training, if there is a terminal for it.
  var tui = false
  /// The time limit in seconds; nil for none. A run that reaches it can be resumed.
  var timeLimit: Double?
  /// The number of epochs between two models that are kept; nil to keep only the last.
  var keptEvery: Int?
  /// Whether report.html and its charts are written.
  var writesReport = true

  /// Creates a job, and checks that the network fits into memory.
  ///
  /// - Throws: An error of code `.usage` if it does not.
  init(data: TrainingData, settings: RunSettings, common: CommonOptions) throws(MoultError) {
    self.data = data
    self.settings = settings
    self.common = common
    try memory.check("--model \(layers)", hint: "choose fewer or smaller layers")
  }

  var layers: LayerSizes { settings.network.layers }
  var source: String { settings[\.data] }
  var seed: UInt64 { settings[\.seed] }
  var epochs: Int { settings[\.recipe.epochs] }
  var batchSize: Int { settings[\.recipe.batchSize] }
  var stepsPerEpoch: Int { (data.train.count - 1) / batchSize + 1 }
  /// The number of training steps of the whole run.
  var steps: Int { stepsPerEpoch * epochs }

  var memory: MemoryEstimate {
    MemoryEstimate(
      layers, embeddings: settings.network.embeddings,
      buffersPerParameter: settings[\.recipe.optimizer].bufferCount(momentum: settings.values.recipe.momentum ?? 0),
      batchSize: min(batchSize, data.train.count))
  }

  /// Runs the whole job of `moult train`: trains, writes the files and the report, and throws an error if it was
  /// interrupted.
  ///
  /// - Parameters:
  ///   - folder: The folder of the run.
  ///   - state: The state of a run that is resumed; nil for a new run.
  ///   - overwriting: Whether the folder may contain files.
  func run(in folder: RunFolder, from state: TrainingState? = nil, overwriting: Bool) throws {
    // A reader that closes the pipe must not end the training: see Console.report.
    signal(SIGPIPE, SIG_IGN)
    let lock = try folder.lock()
    defer { lock.release() }
    // Another process may have used the folder while the data were read.
    if !overwriting { try folder.requireEmpty() }
    try announce(folder)
    let stopSignal = Interrupt.install()
    let outcome = try train(in: folder, from: state, stopSignal: stopSignal)
    Interrupt.uninstall()
    if writesReport { try write(runReport(outcome), to: folder) }
    // A finished run needs no checkpoint.
    if outcome.history.interrupted == nil { try folder.removeCheckpoint() }
    try report(outcome, folder: folder)
    try throwIfInterrupted(outcome, stopSignal, folder: folder)
  }

  /// Trains a network, writes its files into the folder, and evaluates it.
  func train(
    in folder: RunFolder, from state: TrainingState? = nil, stopSignal: StopSignal
  ) throws(MoultError) -> TrainingOutcome {
    // The hash of the data is stored in checkpoints, and in the model file if the test part was split off. It is
    // computed before training, so that an error does not cost the trained weights.
    let fingerprint = try data.fingerprint(), identity = try identity(data: fingerprint)
    let model = makeModel()
    // The earlier epochs are read before the logs are truncated to the point at which the run is resumed.
    let earlier = try state.map { state throws(MoultError) in try folder.epochs(before: state) } ?? []
    if state == nil {
      try folder.removeRun()
      try AtomicFile.write(Array(configuration.indented.utf8), to: folder.configuration)
    }
    let trainer = makeTrainer(
      model, schedule: settings.makeSchedule(stepsPerEpoch: stepsPerEpoch),
      callbacks: try callbacks(model, folder, identity: identity, from: state, stopSignal),
      evaluatedTraining: data.gapSamples, stopSignal: stopSignal)
    if let state { try trainer.load(state) }
    var history = try fit(trainer, fingerprint, folder: folder)
    history.add(earlier, steps: state?.completedSteps ?? 0)
    let noise = noiseEstimate(model)
    try save(
      model, noise, fingerprint, folder, unfinishedAfter: history.interrupted == nil ? nil : trainer.completedEpochs)
    return try evaluated(model, history, noise, steps: trainer.completedSteps, folder: folder)
  }

  /// Trains the network. If a log cannot be written, the weights are saved before the error is thrown.
  private func fit(
    _ trainer: Trainer<MLP>, _ fingerprint: String, folder: RunFolder
  ) throws(MoultError) -> History {
    do {
      return try trainer.fit(
        data.train, validation: data.validation, epochs: epochs - trainer.completedEpochs, batchSize: batchSize)
    } catch {
      guard error.code == .cannotWrite else { throw error }
      do {
        try save(
          trainer.model, noiseEstimate(trainer.model), fingerprint, folder, unfinishedAfter: trainer.completedEpochs)
      } catch let second {
        throw MoultError(
          error.code, error.message + "; nor could the model be saved: \(second)", location: error.location,
          cause: error.cause)
      }
      throw MoultError(
        error.code, error.message + "; the model so far is in \(folder.model)", location: error.location,
        cause: error.cause)
    }
  }

  /// Estimates the noise of a regression on the validation samples; returns nil for a classification.
  private func noiseEstimate(_ model: MLP) -> NoiseEstimate? {
    guard data.target.task == .regression else { return nil }
    return withSeed(seed) { NoiseEstimate(of: model, on: data.validation) }
  }

  /// Writes the model file: the weights, and the metadata that predictions need.
  ///
  /// - Parameters:
  ///   - model: The trained network.
  ///   - noise: The estimated noise of a regression; nil for a classification.
  ///   - fingerprint: The hash of the data.
  ///   - folder: The folder of the run.
  ///   - epochs: The number of finished epochs of an unfinished run; nil for a finished run.
  private func save(
    _ model: MLP, _ noise: NoiseEstimate?, _ fingerprint: String, _ folder: RunFolder, unfinishedAfter epochs: Int?
  ) throws(MoultError) {
    var metadata = ModelDescription.metadata(
      settings.network, data.target, encoding: data.table?.encoding, noise: noise)
    metadata[DataRecord.key] = DataRecord.json(settings.values, data, fingerprint: fingerprint).line
    metadata[Self.unfinishedKey] = epochs.map(String.init)
    try model.saveWeights(to: folder.model, metadata: metadata)
  }

  private func evaluated(
    _ model: MLP, _ history: History, _ noise: NoiseEstimate?, steps: Int, folder: RunFolder
  ) throws(MoultError) -> TrainingOutcome {
    let train = data.metrics(of: model, on: data.train), test = data.metrics(of: model, on: data.test)
    guard train.loss.isFinite, test.loss.isFinite else {
      throw MoultError(
        .diverged,
        "the loss of the trained network is \(train.loss) on the training data and \(test.loss) on the test data; "
          + "lower the learning rate (the model is in \(folder.model))")
    }
    let validation = data.isValidatedOnTest ? test : data.metrics(of: model, on: data.validation)
    return TrainingOutcome(
      model: model, history: history, noise: noise, steps: steps, train: train, validation: validation, test: test)
  }

  private func throwIfInterrupted(
    _ outcome: TrainingOutcome, _ stopSignal: StopSignal, folder: RunFolder
  ) throws(MoultError) {
    guard let first = outcome.history.interrupted else { return }
    // A termination request that arrived while the run was saved has priority over the time limit.
    let signal = stopSignal.requestedSignal ?? first
    let kept = keptEvery.map { " --keep-every \($0)" } ?? ""
    let place =
      "after step \(outcome.steps) of \(steps); saved \(folder.model); "
      + "go on with: moult train --resume \(folder.path)\(kept)"
    if signal == TimeLimit.signal { return common.message("the time was up " + place) }
    throw MoultError(.interrupted(signal: signal), "interrupted " + place)
  }
}

/// The result of a training run.
struct TrainingOutcome {
  let model: MLP
  /// The history of all epochs, with those before an interruption.
  let history: History
  /// The estimated noise of a regression; nil for a classification.
  let noise: NoiseEstimate?
  /// The number of steps since training began.
  let steps: Int
  /// The metrics of the network on each part. The validation part may be the test part.
  let train, validation, test: EvaluationMetrics
}
