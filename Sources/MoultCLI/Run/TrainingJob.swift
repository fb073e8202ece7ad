import Moult
import MoultDownloads
import MoultPlatform
import MoultReport

/// One training run of the tool: builds the network, trains it, saves it, reports.
struct TrainingJob {
  let problem: LearningProblem
  let settings: RunSettings
  let common: CommonOptions
  /// Show a full screen while training, if there is a terminal for it.
  var tui = false
  /// Seconds after which training stops, to be resumed.
  var timeLimit: Double?
  /// Epochs between two models that are kept.
  var keptEvery: Int?
  /// Whether report.html and its charts are written.
  var writesReport = true

  /// - Throws: An error of code `.usage` for settings that do not fit the data or the machine.
  init(problem: LearningProblem, settings: RunSettings, common: CommonOptions) throws(MoultError) {
    self.problem = problem
    self.settings = settings
    self.common = common
    try memory.check("--model \(settings.network.spec)", hint: "choose fewer or smaller layers")
  }

  var memory: MemoryEstimate {
    MemoryEstimate(
      settings.network.spec, embeddings: settings.network.embeddings,
      buffersPerParameter: settings.optimizer.bufferCount(momentum: settings.momentum),
      batchSize: min(settings.batchSize, problem.train.count))
  }

  var spec: ModelSpec { settings.network.spec }

  /// The loss of a variant that is one.
  func objective(of model: MLP) -> Trainer<MLP>.Objective? {
    guard case .loss(let loss) = settings.network.variant?.place else { return nil }
    let rate = settings.network.dropout
    return { inputs, labels in loss(model, inputs, labels, rate) }
  }

  var stepsPerEpoch: Int { (problem.train.count - 1) / settings.batchSize + 1 }

  /// The whole job of `moult train`: trains, reports, and ends with an error if it was interrupted.
  ///
  /// - Parameters:
  ///   - state: Where a run that was interrupted goes on from.
  ///   - overwriting: Whether the folder may hold something.
  func run(in folder: RunFolder, from state: TrainingState? = nil, overwriting: Bool) throws {
    // A reader that leaves must not take the training with it: see Console.report.
    signal(SIGPIPE, SIG_IGN)
    let lock = try folder.lock()
    defer { lock.release() }
    // While the data were read another process may have come and gone.
    if !overwriting { try folder.requireEmpty() }
    try announce(folder)
    let stopSignal = Interrupt.install()
    let outcome = try train(in: folder, from: state, stopSignal: stopSignal)
    Interrupt.uninstall()
    if writesReport { try write(runReport(outcome), to: folder) }
    // Only what is whole needs nothing to go on from.
    if outcome.history.interrupted == nil { try folder.removeCheckpoint() }
    try report(outcome, folder: folder)
    try throwIfInterrupted(outcome, stopSignal, folder: folder)
  }

  /// Trains a network, leaves its files in the folder, and judges it.
  func train(
    in folder: RunFolder, from state: TrainingState? = nil, stopSignal: StopSignal
  ) throws(MoultError) -> TrainingOutcome {
    // Without a hash of its data a model cannot be saved: better to hear of it before the training than after it.
    _ = try sha256([])
    let model = withSeed(settings.seed) { settings.network.makeNetwork() }
    // Before the logs are cut to where the run goes on from.
    let earlier = try state.map { state throws(MoultError) in try folder.epochs(before: state) } ?? []
    if state == nil {
      try folder.removeRun()
      try AtomicFile.write(Array(configuration.indented.utf8), to: folder.configuration)
    }
    let trainer = Trainer(
      model, optimizer: settings.makeOptimizer(model.parameters()),
      loss: problem.loss(labelSmoothing: settings.labelSmoothing, weighting: settings.classWeights),
      validationLoss: problem.loss(),
      objective: objective(of: model), seed: settings.seed,
      schedule: settings.makeSchedule(stepsPerEpoch: stepsPerEpoch),
      callbacks: try callbacks(model, folder, from: state, stopSignal), evaluatedTraining: problem.gapSamples,
      stopSignal: stopSignal)
    if let state { try trainer.load(state) }
    var history = try fit(trainer, folder: folder)
    history.goOn(from: earlier, steps: state?.completedSteps ?? 0)
    let noise = withSeed(settings.seed) { problem.noise(of: model) }
    try save(model, noise, folder, unfinishedAfter: history.interrupted == nil ? nil : trainer.completedEpochs)
    return try judged(model, history, noise, steps: trainer.completedSteps, folder: folder)
  }

  /// What is told how training goes. Those that remember something are always the same in the same order.
  private func callbacks(
    _ model: MLP, _ folder: RunFolder, from state: TrainingState?, _ stopSignal: StopSignal
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
    // First, so that a full screen is given back before another callback takes its time at the end.
    if !common.quiet { callbacks.insert(progress, at: 0) }
    if common.json { callbacks.append(JSONEvents()) }
    if settings.patience > 0 {
      callbacks.append(EarlyStopping(patience: settings.patience, restoring: model.parameters()))
    }
    if let timeLimit { callbacks.append(TimeLimit(seconds: timeLimit, stopSignal)) }
    if let keptEvery { callbacks.append(KeptModels(every: keptEvery, path: folder.model)) }
    callbacks.append(
      RunCheckpoint(to: folder.checkpoint, identity: identity, epochs: settings.epochs))
    return callbacks
  }

  private func throwIfInterrupted(
    _ outcome: TrainingOutcome, _ stopSignal: StopSignal, folder: RunFolder
  ) throws(MoultError) {
    guard let first = outcome.history.interrupted else { return }
    // A termination request while the run was saved counts more than the time limit that had ended it.
    let signal = stopSignal.requestedSignal ?? first
    let kept = keptEvery.map { " --keep-every \($0)" } ?? ""
    let place =
      "after step \(outcome.steps) of \(stepsPerEpoch * settings.epochs); saved \(folder.model); "
      + "go on with: moult train --resume \(folder.path)\(kept)"
    if signal == TimeLimit.signal { return common.message("the time was up " + place) }
    throw MoultError(.interrupted(signal: signal), "interrupted " + place)
  }

  /// The full screen, if it was asked for and can be had, else a line.
  private var progress: any Callback {
    guard tui else { return ProgressBar(noColor: common.noColor) }
    let isShared = common.json && isatty(StandardStream.output.fileDescriptor) == 1
    let title = [settings.source, "\(spec)", "\(settings.network.variantName) \(settings.network.dropout)"]
    if !isShared, let view = LiveView(title: title, noColor: common.noColor) { return view }
    common.message(
      "--tui needs a terminal of its own that may be colored (no pipe, NO_COLOR, TERM=dumb or JSON); "
        + "going on with plain lines")
    return ProgressBar(noColor: common.noColor)
  }

  /// Trains. Where a log cannot be written, the weights are saved before the error goes on: they cost more than it.
  private func fit(_ trainer: Trainer<MLP>, folder: RunFolder) throws(MoultError) -> History {
    do {
      return try trainer.fit(
        problem.train, validation: problem.validation, epochs: settings.epochs - trainer.completedEpochs,
        batchSize: settings.batchSize)
    } catch {
      guard error.code == .cannotWrite else { throw error }
      do {
        try save(
          trainer.model, withSeed(settings.seed) { problem.noise(of: trainer.model) }, folder,
          unfinishedAfter: trainer.completedEpochs)
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

  /// Writes the weights and all that is needed to predict with them.
  ///
  /// - Parameter epochs: How many epochs were finished, of a run that did not come to its end.
  private func save(
    _ model: MLP, _ noise: SavedModel.Noise?, _ folder: RunFolder, unfinishedAfter epochs: Int?
  ) throws(MoultError) {
    var metadata = try SavedModel.metadata(settings, problem, noise: noise)
    metadata[Self.unfinishedKey] = epochs.map(String.init)
    try model.save(to: folder.model, metadata: metadata)
  }

  private func announce(_ folder: RunFolder) throws(MoultError) {
    let (rate, inputRate) = (settings.network.dropout, settings.network.inputDropout)
    let rates = inputRate > 0 ? "\(rate) (inputs \(inputRate))" : "\(rate)"
    common.message("\(settings.source): \(problem.sizes)")
    if let table = problem.table { for line in TableOverview(table: table).lines { common.message(line) } }
    common.message(
      "network \(spec), \(settings.network.variantName) \(rates), \(NumberFormat.grouped(settings.network.parameterCount)) "
        + "parameters, seed \(settings.seed), \(threadCount) thread\(threadCount == 1 ? "" : "s"), "
        + Kernels.instructionSet)
    if common.json {
      try Console.report(
        [
          "schema": 1, "event": "started", "data": .string(settings.source), "model": .string(spec.description),
          "parameters": .integer(settings.network.parameterCount), "epochs": .integer(settings.epochs),
          "steps": .integer(stepsPerEpoch * settings.epochs), "out": .string(folder.path),
        ])
    }
  }

  private func judged(
    _ model: MLP, _ history: History, _ noise: SavedModel.Noise?, steps: Int, folder: RunFolder
  ) throws(MoultError) -> TrainingOutcome {
    let train = problem.judgement(of: model, on: problem.train), test = problem.judgement(of: model, on: problem.test)
    guard train.loss.isFinite, test.loss.isFinite else {
      throw MoultError(
        .diverged,
        "the loss of the trained network is \(train.loss) on the training data and \(test.loss) on the test data; "
          + "lower the learning rate (the model is in \(folder.model))")
    }
    let validation = problem.isValidatedOnTest ? test : problem.judgement(of: model, on: problem.validation)
    return TrainingOutcome(
      model: model, history: history, noise: noise, steps: steps, train: train, validation: validation, test: test)
  }

  private func report(_ outcome: TrainingOutcome, folder: RunFolder) throws(MoultError) {
    let (history, train, test) = (outcome.history, outcome.train, outcome.test)
    if common.json {
      let event = history.interrupted != nil ? "interrupted" : "finished"
      try Console.report(
        .object(
          [.init(key: "schema", value: 1), .init(key: "event", value: .string(event))]
            + Judgement.json(train: train, test: test) + [
              .init(key: "baseline", value: problem.table == nil ? .null : problem.baseline.baselineJSON),
              .init(key: "epochs", value: .integer(history.epochs.count)),
              .init(key: "steps", value: .integer(history.steps)),
              .init(key: "seconds", value: .number(history.seconds)),
              .init(key: "samples_per_second", value: .number(history.samplesPerSecond)),
              .init(key: "out", value: .string(folder.path)),
            ]))
    } else {
      try Console.report(
        "\(Judgement.text(train: train, test: test)), "
          + "\(NumberFormat.grouped(history.steps)) steps in \(NumberFormat.fixed(history.seconds, 1)) s")
      if problem.table != nil { try Console.report(problem.baseline.baselineText) }
      try Console.report("saved in \(folder.path)")
    }
  }

  /// The settings, and facts that follow from them and the data.
  var configuration: JSONOutput {
    .object(
      [.init(key: "schema", value: 2), .init(key: "moult", value: .string(MoultTool.version))] + settings.json + [
        .init(
          key: "facts",
          value: [
            "train_samples": .integer(problem.train.count), "validation_samples": .integer(problem.validation.count),
            "test_samples": .integer(problem.test.count), "parameters": .integer(settings.network.parameterCount),
          ])
      ])
  }
}

/// What a training run came to.
struct TrainingOutcome {
  let model: MLP
  /// All epochs of the run, those before it was interrupted too.
  let history: History
  /// How far validation rows of a quantity scatter; nil for classes.
  let noise: SavedModel.Noise?
  /// Steps since training began.
  let steps: Int
  /// How the network does on each part; where there is no validation part, that is the test part.
  let train, validation, test: Judgement
}

/// Prints one JSON line per epoch on standard output.
private struct JSONEvents: Callback {
  func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    try Console.report(epoch.json)
  }
}
