import Moult

/// One training run of the tool: builds the network, trains it, saves it, reports.
struct TrainingJob {
  let source: DataSource
  let data: DatasetPair
  let spec: ModelSpec
  let network: NetworkOptions
  let recipe: RecipeOptions
  let common: CommonOptions

  init(
    source: DataSource, data: DatasetPair, network: NetworkOptions, recipe: RecipeOptions, common: CommonOptions
  ) throws(MoultError) {
    self.source = source
    self.data = data
    self.network = network
    self.recipe = recipe
    self.common = common
    spec = try network.spec(
      inputSize: data.train.storedInputs.shape.dropFirst().reduce(1, *),
      classCount: max(Self.classCount(data.train), Self.classCount(data.test)))
  }

  private static func classCount(_ data: Dataset) -> Int {
    (data.labels.scalars(as: Int64.self).max()).map { Int($0) + 1 } ?? 0
  }

  private var stepsPerEpoch: Int { (data.train.count - 1) / recipe.batchSize + 1 }

  func run(in folder: RunFolder) throws {
    let model = MLP(spec, dropout: network.dropout, inputDropout: network.inputDropout, maxNorm: recipe.maxNorm)
    try announce(folder)
    try AtomicFile.write(Array(configuration.indented.utf8), to: folder.configuration)
    var callbacks: [any Callback] = [try MetricsLog(path: folder.metrics)]
    if !common.quiet { callbacks.append(ProgressBar(noColor: common.noColor)) }
    if common.json { callbacks.append(JSONEvents()) }
    let smoothing = recipe.labelSmoothing
    let trainer = Trainer(
      model, optimizer: recipe.makeOptimizer(model.parameters()),
      loss: { crossEntropy($0, $1, labelSmoothing: smoothing) }, seed: common.seed,
      schedule: recipe.makeSchedule(stepsPerEpoch: stepsPerEpoch), callbacks: callbacks, stopSignal: Interrupt.install()
    )
    let history = try trainer.fit(
      data.train, validation: data.test, epochs: recipe.epochs, batchSize: recipe.batchSize)
    try model.save(to: folder.model)
    // A signal that came while the file was being written counts as well: the model is there, the run is not whole.
    let signal = history.interrupted ?? Interrupt.stopSignal.requestedSignal
    try report(model, history, folder: folder, interrupted: signal != nil)
    Interrupt.uninstall()
    if let signal {
      throw MoultError(
        .interrupted(signal: signal),
        "interrupted after step \(trainer.completedSteps) of \(stepsPerEpoch * recipe.epochs); saved \(folder.model)")
    }
  }

  private func announce(_ folder: RunFolder) throws(MoultError) {
    let rates = network.inputDropout > 0 ? "\(network.dropout) (inputs \(network.inputDropout))" : "\(network.dropout)"
    common.message(
      "\(source.name): \(NumberFormat.grouped(data.train.count)) training and "
        + "\(NumberFormat.grouped(data.test.count)) test samples")
    common.message(
      "network \(spec), dropout \(rates), \(NumberFormat.grouped(spec.parameterCount)) parameters, "
        + "seed \(common.seed), \(threadCount) thread\(threadCount == 1 ? "" : "s"), \(Kernels.instructionSet)")
    if common.json {
      try Console.result(
        [
          "schema": 1, "event": "started", "data": .string(source.name), "model": .string(spec.description),
          "parameters": .integer(spec.parameterCount), "epochs": .integer(recipe.epochs),
          "steps": .integer(stepsPerEpoch * recipe.epochs), "out": .string(folder.path),
        ])
    }
  }

  private func report(
    _ model: MLP, _ history: History, folder: RunFolder, interrupted: Bool
  ) throws(MoultError) {
    let train = model.evaluate(on: data.train, loss: { crossEntropy($0, $1) })
    let test = model.evaluate(on: data.test, loss: { crossEntropy($0, $1) })
    let (trainAccuracy, testAccuracy) = (train.accuracy ?? 0, test.accuracy ?? 0)
    if common.json {
      try Console.result(
        [
          "schema": 1, "event": interrupted ? "interrupted" : "finished", "test_error": .optional(test.error),
          "test_accuracy": .number(testAccuracy), "train_accuracy": .number(trainAccuracy),
          "test_loss": .number(test.loss), "train_loss": .number(train.loss),
          "epochs": .integer(history.epochs.count), "steps": .integer(history.steps),
          "seconds": .number(history.seconds), "samples_per_second": .number(history.samplesPerSecond),
          "out": .string(folder.path),
        ])
    } else {
      try Console.result(
        "test accuracy \(NumberFormat.percent(testAccuracy)), "
          + "training accuracy \(NumberFormat.percent(trainAccuracy)), "
          + "\(NumberFormat.grouped(history.steps)) steps in \(NumberFormat.fixed(history.seconds, 1)) s")
      try Console.result("saved in \(folder.path)")
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
      "dropout": .number(network.dropout),
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
    try Console.result(epoch.json)
  }
}
