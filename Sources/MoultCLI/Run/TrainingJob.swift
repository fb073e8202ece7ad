import Moult
import MoultPlatform
import MoultReport

/// One training run of the tool: builds the network, trains it, saves it, evaluates it and reports.
struct TrainingJob {
  let data: TrainingData
  let settings: RunSettings
  let common: CommonOptions
  /// Whether a full screen is shown while training, if there is a terminal for it.
  var tui = false
  /// The time limit in seconds; a run that reaches it can be resumed.
  var timeLimit: Double?
  /// The number of epochs between two models that are kept.
  var keptEvery: Int?
  /// Whether report.html and its charts are written.
  var writesReport = true

  /// - Throws: An error of code `.usage` for settings that do not fit the data or the machine.
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
  /// The steps of the whole run.
  var steps: Int { stepsPerEpoch * epochs }

  var memory: MemoryEstimate {
    MemoryEstimate(
      layers, embeddings: settings.network.embeddings,
      buffersPerParameter: settings[\.recipe.optimizer].bufferCount(momentum: settings.values.recipe.momentum ?? 0),
      batchSize: min(batchSize, data.train.count))
  }

  /// The whole job of `moult train`: trains, reports, and ends with an error if it was interrupted.
  ///
  /// - Parameters:
  ///   - state: The state of a run that is resumed.
  ///   - overwriting: Whether the folder may hold files.
  func run(in folder: RunFolder, from state: TrainingState? = nil, overwriting: Bool) throws {
    // A reader that leaves must not end the training: see Console.report.
    signal(SIGPIPE, SIG_IGN)
    let lock = try folder.lock()
    defer { lock.release() }
    // While the data were read another process may have used the folder.
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
    // A checkpoint names the data by their hash, and so does the model's file where the test part was split off. The
    // hash is computed before the training, where an error of it costs no weights.
    let fingerprint = try data.fingerprint(), identity = try identity(data: fingerprint)
    let model = makeModel()
    // Read before the logs are cut to the point where the run resumes.
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

  /// Trains. If a log cannot be written, the weights are saved before the error is thrown.
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

  /// The noise of a predicted number on the validation samples; nil for classes.
  private func noiseEstimate(_ model: MLP) -> NoiseEstimate? {
    guard data.target.task == .regression else { return nil }
    return withSeed(seed) { NoiseEstimate(of: model, on: data.validation) }
  }

  /// Writes the weights and all that is needed to predict with them.
  ///
  /// - Parameters:
  ///   - fingerprint: That of the data.
  ///   - epochs: The number of finished epochs of a run that is not finished.
  private func save(
    _ model: MLP, _ noise: NoiseEstimate?, _ fingerprint: String, _ folder: RunFolder, unfinishedAfter epochs: Int?
  ) throws(MoultError) {
    var metadata = ModelDescription.metadata(
      settings.network, data.target, encoding: data.table?.encoding, noise: noise)
    metadata[DataRecord.key] = DataRecord.json(settings.values, data, fingerprint: fingerprint).line
    metadata[Self.unfinishedKey] = epochs.map(String.init)
    try model.save(to: folder.model, metadata: metadata)
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
    // A termination request that came while the run was saved counts more than the time limit that ended it.
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
  /// All epochs of the run, those before an interruption too.
  let history: History
  /// The noise of a predicted number; nil for classes.
  let noise: NoiseEstimate?
  /// Steps since training began.
  let steps: Int
  /// The metrics of the network on each part; the validation part may be the test part.
  let train, validation, test: EvaluationMetrics
}
