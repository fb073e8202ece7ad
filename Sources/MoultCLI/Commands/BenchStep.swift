import ArgumentParser
import Moult
import MoultDigits

/// The command `moult bench step`: measures a training step of a program with its own training loop.
struct BenchStep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Times one training step: forward, loss, backward, update, loss read back.",
    discussion: """
      Runs the loop that a user would write, through the public API:

        let loss = crossEntropy(model(batch.inputs), batch.labels)
        optimizer.step(minimizing: loss)

      over the same ten batches again and again, and prints the median in \
      microseconds. A safetensors file with "inputs" [batches, samples, inputs] of \
      float32 and "labels" [batches, samples] of integers gives other programs the \
      same numbers. A network with one output does regression instead: mean squared \
      error against each sample's first input. The floor is the time that the step's \
      multiply-adds of numbers that are not zero would take at the processor's measured \
      peak. --stages shows each layer's products: time, density of what went in, and \
      whether zeros were skipped.

        moult bench step
        moult bench step --model 784-1024x3-10 --batch-size 128 --threads 1 --json
        moult bench step --inputs mnist --optimizer adam --stages
        moult bench step --inputs batches.safetensors
      """)

  @OptionGroup(title: "Network") var network: NetworkOptions

  @Option(
    help: ArgumentHelp(
      "Samples per step. Default: \(BenchBatches.defaultBatchSize), or what the file holds.", valueName: "count"))
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      "normal (random numbers), mnist (the bundled digits, mostly zeros) or a safetensors file.", valueName: "source"),
    completion: .file())
  var inputs = BenchInputs.normal

  @Option(
    help: ArgumentHelp("Member of the dropout family, at the rate of --dropout.", valueName: "name"),
    completion: .list(DropoutVariant.all.map(\.name)), transform: { try DropoutVariant.option($0) })
  var variant: DropoutVariant?

  @Option(help: "Optimizer.")
  var optimizer = OptimizerKind.sgd

  @Option(
    help: ArgumentHelp(
      "Afterwards also tell the loss over the batches of a safetensors file, and over all of --inputs, in evaluation.",
      valueName: "path"), completion: .file())
  var evaluate: String?

  @Flag(help: "Show where the time goes and what was skipped.")
  var stages = false

  @OptionGroup var measuring: MeasuringOptions

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  /// The learning rate of SGD and its momentum.
  private static let (learningRate, momentum) = (0.05, 0.9)

  private var dropout: Double { network.dropout ?? ModelSpec.defaultDropout }
  private var inputDropout: Double { network.inputDropout ?? 0 }

  func validate() throws {
    if let batchSize { try expect((1...100_000_000).contains(batchSize), "batch-size", "1 or more", got: batchSize) }
    guard let variant else { return }
    let (applies, why) = variant.applies(
      hiddenSizes: network.model?.hiddenSizes ?? LayerSizes.articleHiddenSizes[...])
    try expect(applies, "variant", "one that applies to the network", got: "\(variant.name), which \(why)")
    if case .loss = variant.place {
      throw ValidationError("--variant: expected one that is a layer, got \(variant.name), which is a loss itself")
    }
  }

  func run() throws {
    common.apply()
    let (spec, loaded) = try load()
    let batches = loaded.withTargets(for: spec)
    let held = try evaluate.map { path in try BenchBatches(heldOut: path, for: spec).withTargets(for: spec) }
    let description = ModelSpec(spec, dropout: dropout, inputDropout: inputDropout, variant: variant)
    if let error = description.validationError { throw error.optionError }
    let model = MLP(description)
    let optimizer = optimizer.make(
      model.parameters(), learningRate: self.optimizer == .sgd ? Self.learningRate : self.optimizer.defaultLearningRate,
      momentum: Self.momentum, weightDecay: self.optimizer.defaultWeightDecay)
    model.train()

    var lastLoss: Float = 0
    func step(_ number: Int) {
      let batch = batches[number]
      let batchLoss = loss(spec, model(batch.inputs), batch)
      optimizer.step(minimizing: batchLoss)
      lastLoss = batchLoss.item()
    }

    guard stages else {
      let timings = measuring.measure(step)
      let losses = losses(of: model, spec, last: lastLoss, batches, held)
      return try report(spec, batches, timings, losses, hasPlainLayers ? StepFloor(spec, batches, step) : nil)
    }
    let recorder = ProductRecorder()
    var summary = StageSummary()
    let timings = recorder.recording {
      measuring.measure(step) { number, time in
        let products = recorder.take()
        if number >= 0 { summary.add(products, step: time) }
      }
    }
    if common.json {
      for line in summary.json { try Console.result(line) }
    } else {
      for line in summary.table { try Console.result(line) }
    }
    let losses = losses(of: model, spec, last: lastLoss, batches, held)
    try report(spec, batches, timings, losses, hasPlainLayers ? StepFloor(spec, batches, step) : nil)
  }

  /// Whether each layer has only the products of a linear layer; false for variants that replace the linear layers.
  private var hasPlainLayers: Bool {
    if case .layer = variant?.place { false } else { true }
  }

  private func loss(_ spec: LayerSizes, _ output: Tensor, _ batch: (inputs: Tensor, labels: Tensor)) -> Tensor {
    spec.outputSize > 1 ? crossEntropy(output, batch.labels) : meanSquaredError(output, batch.labels)
  }

  /// Returns the losses as members of JSON: the loss of the last step, and with `--evaluate` the losses in evaluation
  /// mode.
  private func losses(
    of model: MLP, _ spec: LayerSizes, last: Float, _ batches: BenchBatches, _ held: BenchBatches?
  ) -> [JSONOutput.Member] {
    let lastLoss = JSONOutput.Member(key: "loss", value: .number(Double(last)))
    guard let held else { return [lastLoss] }
    func mean(_ batches: BenchBatches) -> JSONOutput {
      let losses = model.evaluating {
        withGradients(false) {
          (0..<batches.count).map { Double(loss(spec, model(batches[$0].inputs), batches[$0]).item()) }
        }
      }
      return .number(losses.reduce(0, +) / Double(losses.count))
    }
    return [lastLoss, .init(key: "train_loss", value: mean(batches)), .init(key: "test_loss", value: mean(held))]
  }

  private func report(
    _ spec: LayerSizes, _ batches: BenchBatches, _ timings: Timings, _ losses: [JSONOutput.Member],
    _ floor: StepFloor?
  ) throws {
    if common.json {
      return try Console.result(
        .bench(
          "step",
          [
            .init(key: "model", value: .string(spec.description)),
            .init(key: "batch_size", value: .integer(batches.batchSize)),
            .init(key: "batches", value: .integer(batches.count)),
            .init(key: "variant", value: .string(variant?.name ?? DropoutVariant.plainName)),
            .init(key: "dropout", value: .number(dropout)),
            .init(key: "input_dropout", value: .number(inputDropout)),
            .init(key: "inputs", value: .string(inputs.description)),
            .init(key: "optimizer", value: .string(optimizer.rawValue)),
          ], timings, losses + (floor?.members(step: timings.median) ?? [])))
    }
    try Console.result(
      "step of \(spec), batch \(batches.batchSize), \(variant?.name ?? DropoutVariant.plainName) \(dropout), "
        + "\(inputs.description.visible) inputs, "
        + "\(timings.text), \(NumberFormat.grouped(timings.count)) steps, \(Kernels.instructionSet)")
    if let floor { try Console.result(floor.text(step: timings.median)) }
  }

  private func load() throws(MoultError) -> (LayerSizes, BenchBatches) {
    switch inputs {
    case .normal:
      let spec = network.model ?? .article
      try checkMemory(spec)
      return (spec, BenchBatches(normal: spec, batchSize: batchSize ?? BenchBatches.defaultBatchSize))
    case .mnist:
      let data = try BundledDigits.load().train
      let spec = try network.layers(
        inputSize: data.storedInputs.shape.dropFirst().reduce(1, *), classCount: BundledDigits.classCount)
      try checkMemory(spec)
      return (spec, try BenchBatches(digits: data, batchSize: batchSize ?? BenchBatches.defaultBatchSize))
    case .file(let path):
      let batches = try BenchBatches(file: path)
      if let batchSize, batchSize != batches.batchSize {
        throw MoultError(
          .usage, "--batch-size: expected \(batches.batchSize), as the file holds, got \(batchSize); leave it out",
          location: path)
      }
      let spec = try network.layers(inputSize: batches.inputSize, classCount: batches.classCount)
      try checkMemory(spec, batchSize: batches.batchSize)
      return (spec, batches)
    }
  }

  private func checkMemory(_ spec: LayerSizes, batchSize other: Int? = nil) throws(MoultError) {
    let batchSize = other ?? batchSize ?? BenchBatches.defaultBatchSize
    try MemoryEstimate(
      spec, buffersPerParameter: optimizer.bufferCount(momentum: Self.momentum), batchSize: batchSize
    ).check("--batch-size \(batchSize)", hint: "choose a smaller batch or, with --model, a smaller network")
  }
}
