import Moult

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One training run of the tool: builds the network, trains it, saves it, reports.
struct TrainingJob {
  let source: DataSource
  let data: DatasetPair
  let spec: ModelSpec
  let network: NetworkOptions
  let recipe: RecipeOptions
  let variant: DropoutVariant?
  let common: CommonOptions

  init(
    source: DataSource, data: DatasetPair, network: NetworkOptions, recipe: RecipeOptions,
    variant: DropoutVariant?, common: CommonOptions
  ) throws(MoultError) {
    self.source = source
    self.data = data
    self.network = network
    self.recipe = recipe
    self.variant = variant
    self.common = common
    spec = try network.spec(
      inputSize: data.train.storedInputs.shape.dropFirst().reduce(1, *),
      classCount: max(Self.classCount(data.train), Self.classCount(data.test)))
    try MemoryEstimate(
      spec, buffersPerParameter: recipe.optimizer.bufferCount(momentum: recipe.resolvedMomentum),
      batchSize: min(recipe.batchSize, data.train.count)
    ).check("--model \(spec)", hint: "choose fewer or smaller layers")
  }

  private static func classCount(_ data: Dataset) -> Int {
    (data.labels.scalars(as: Int64.self).max()).map { Int($0) + 1 } ?? 0
  }

  /// What the variant is made with.
  private var rate: Double { network.givenDropout ?? variant?.defaultRate ?? NetworkOptions.defaultDropout }

  private var variantName: String { variant?.name ?? DropoutVariant.plainName }

  /// The loss of a variant that is one.
  private func objective(of model: MLP) -> Trainer<MLP>.Objective? {
    guard case .loss(let loss) = variant?.place else { return nil }
    let rate = rate
    return { inputs, labels in loss(model, inputs, labels, rate) }
  }

  private var stepsPerEpoch: Int { (data.train.count - 1) / recipe.batchSize + 1 }

  func run(in folder: RunFolder) throws {
    // A reader that leaves must not take the training with it: see Console.report.
    signal(SIGPIPE, SIG_IGN)
    let model = MLP(
      spec, dropout: rate, inputDropout: network.inputDropout, maxNorm: recipe.maxNorm, variant: variant)
    try announce(folder)
    try folder.removeModel()
    try AtomicFile.write(Array(configuration.indented.utf8), to: folder.configuration)
    var callbacks: [any Callback] = [try MetricsLog(path: folder.metrics)]
    if !common.quiet { callbacks.append(ProgressBar(noColor: common.noColor)) }
    if common.json { callbacks.append(JSONEvents()) }
    let smoothing = recipe.labelSmoothing
    let trainer = Trainer(
      model, optimizer: recipe.makeOptimizer(model.parameters()),
      loss: { crossEntropy($0, $1, labelSmoothing: smoothing) }, validationLoss: { crossEntropy($0, $1) },
      objective: objective(of: model),
      seed: common.seed, schedule: recipe.makeSchedule(stepsPerEpoch: stepsPerEpoch), callbacks: callbacks,
      stopSignal: Interrupt.install())
    let history = try train(trainer, folder: folder)
    try model.save(to: folder.model)
    Interrupt.uninstall()
    try report(model, history, folder: folder)
    if let signal = history.interrupted {
      throw MoultError(
        .interrupted(signal: signal),
        "interrupted after step \(trainer.completedSteps) of \(stepsPerEpoch * recipe.epochs); saved \(folder.model)")
    }
  }

  /// Trains. Where a log cannot be written, the weights are saved before the error goes on: they cost more than it.
  private func train(_ trainer: Trainer<MLP>, folder: RunFolder) throws(MoultError) -> History {
    do {
      return try trainer.fit(data.train, validation: data.test, epochs: recipe.epochs, batchSize: recipe.batchSize)
    } catch {
      guard error.code == .cannotWrite else { throw error }
      do {
        try trainer.model.save(to: folder.model)
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

  private func announce(_ folder: RunFolder) throws(MoultError) {
    let rates = network.inputDropout > 0 ? "\(rate) (inputs \(network.inputDropout))" : "\(rate)"
    common.message(
      "\(source.name): \(NumberFormat.grouped(data.train.count)) training and "
        + "\(NumberFormat.grouped(data.test.count)) test samples")
    common.message(
      "network \(spec), \(variantName) \(rates), \(NumberFormat.grouped(spec.parameterCount)) parameters, "
        + "seed \(common.seed), \(threadCount) thread\(threadCount == 1 ? "" : "s"), \(Kernels.instructionSet)")
    if common.json {
      try Console.report(
        [
          "schema": 1, "event": "started", "data": .string(source.name), "model": .string(spec.description),
          "parameters": .integer(spec.parameterCount), "epochs": .integer(recipe.epochs),
          "steps": .integer(stepsPerEpoch * recipe.epochs), "out": .string(folder.path),
        ])
    }
  }

  private func report(
    _ model: MLP, _ history: History, folder: RunFolder
  ) throws(MoultError) {
    let train = model.evaluate(on: data.train, loss: { crossEntropy($0, $1) })
    let test = model.evaluate(on: data.test, loss: { crossEntropy($0, $1) })
    guard train.loss.isFinite, test.loss.isFinite else {
      throw MoultError(
        .diverged,
        "the loss of the trained network is \(train.loss) on the training data and \(test.loss) on the test data; "
          + "lower the learning rate (the model is in \(folder.model))")
    }
    let (trainAccuracy, testAccuracy) = (train.accuracy ?? 0, test.accuracy ?? 0)
    if common.json {
      try Console.report(
        [
          "schema": 1, "event": history.interrupted != nil ? "interrupted" : "finished",
          "test_error": .optional(test.error),
          "test_accuracy": .number(testAccuracy), "train_accuracy": .number(trainAccuracy),
          "test_loss": .number(test.loss), "train_loss": .number(train.loss),
          "epochs": .integer(history.epochs.count), "steps": .integer(history.steps),
          "seconds": .number(history.seconds), "samples_per_second": .number(history.samplesPerSecond),
          "out": .string(folder.path),
        ])
    } else {
      try Console.report(
        "test accuracy \(NumberFormat.percent(testAccuracy)), "
          + "training accuracy \(NumberFormat.percent(trainAccuracy)), "
          + "\(NumberFormat.grouped(history.steps)) steps in \(NumberFormat.fixed(history.seconds, 1)) s")
      try Console.report("saved in \(folder.path)")
    }
  }

  /// Everything that decides the weights, and nothing that does not.
  private var configuration: JSONOutput {
    [
      "schema": 1,
      "moult": .string(MoultTool.version),
      "data": .string(source.name),
      "train_samples": .integer(data.train.count),
      "test_samples": .integer(data.test.count),
      "model": .string(spec.description),
      "parameters": .integer(spec.parameterCount),
      "variant": .string(variantName),
      "dropout": .number(rate),
      "input_dropout": .number(network.inputDropout),
      "max_norm": .optional(recipe.maxNorm),
      "optimizer": .string(recipe.optimizer.rawValue),
      "learning_rate": .number(recipe.resolvedLearningRate),
      "momentum": .optional(recipe.optimizer == .sgd ? recipe.resolvedMomentum : nil),
      "weight_decay": .number(recipe.resolvedWeightDecay),
      "schedule": .string(recipe.schedule.rawValue),
      "warm_up_epochs": .number(recipe.warmUp),
      "label_smoothing": .number(recipe.labelSmoothing),
      "epochs": .integer(recipe.epochs),
      "batch_size": .integer(recipe.batchSize),
      "seed": .unsigned(common.seed),
    ]
  }
}

/// Prints one JSON line per epoch on standard output.
private struct JSONEvents: Callback {
  func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    try Console.report(epoch.json)
  }
}
