import ArgumentParser
import Moult
import MoultPlatform

/// The command `moult doctor`: looks for problems with dropout in a trained network.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Looks for what goes wrong with dropout in a trained network.",
    discussion: """
      Runs the network over training samples, trains nothing and downloads \
      nothing. Looked for are dropout in evaluation and none in training, rates of \
      0 and 1, realised rates (with their z-scores), dead units, max-norm that limits \
      every unit and, where --worker says what they do, equal masks on two workers.

        moult doctor runs/first
        moult doctor runs/first mnist --json
        moult doctor model.safetensors digits --dropout 0.5
        moult doctor runs/first --worker 0,2,64 --worker 1,2,64

      A run folder says itself how its network was built, and so does a model file; \
      for a file the options can say it otherwise, and for files of old versions they \
      must. Ends with 0 if there are notes at most, with 1 if there are warnings or \
      errors. In programs of your own, model.diagnose(on: batch) looks at any model.
      """)

  @Argument(help: "A run folder, or a .safetensors file as 'train' writes it.", completion: .file())
  var model: String

  @Argument(
    help:
      "digits, mnist (if it is there already), a table, a .npz file, or a folder of IDX files or images. Default: what the run trained on.",
    completion: .file())
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Probability of dropping a hidden unit, of a model file. Default: that of the file, or what suits the variant.",
      valueName: "rate"))
  var dropout: Double?

  @Option(
    help: ArgumentHelp(
      "Probability of dropping an input, of a model file. Default: that of the file, or 0.", valueName: "rate"))
  var inputDropout: Double?

  @Option(
    help: ArgumentHelp(
      "Greatest norm of a hidden unit's weights, of a model file. Default: that of the file, or no limit.",
      valueName: "norm"))
  var maxNorm: Double?

  @Option(
    help: ArgumentHelp(
      "Variant of dropout, of a model file. Default: the one that the file names, or dropout.", valueName: "name"),
    completion: .list(DropoutVariant.all.map(\.name)), transform: { try DropoutVariant.option($0) })
  var variant: DropoutVariant?

  @Option(help: ArgumentHelp("Training samples to look at, the first ones.", valueName: "count"))
  var samples = 10_000

  @Option(
    help: ArgumentHelp(
      "What a worker of a distributed run passes to withStep, and the rows of its batch; once for each worker.",
      valueName: "first,stride,rows"),
    transform: { try Doctor.worker($0) })
  var worker: [WorkerMasks] = []

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  func validate() throws {
    try expect((1...1_000_000).contains(samples), "samples", "1 to 1000000", got: samples)
    try expect(worker.count != 1, "worker", "two or more, to compare", got: 1)
  }

  /// Parses the value of `--worker`: `first,stride,rows`. All workers have the same seed.
  private static func worker(_ text: String) throws -> WorkerMasks {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { UInt32($0) }.map { Int($0) }
    guard parts.count == 3, numbers.count == 3, numbers[2] > 0 else {
      throw ValidationError("expected first,stride,rows such as 0,2,64, got '\(text.visible)'")
    }
    let last = UInt64(numbers[0]) + UInt64(numbers[1]) * UInt64(numbers[2] - 1)
    guard last < 1 << 32 else { throw ValidationError("expected samples below 2^32, got \(last) in '\(text.visible)'") }
    return WorkerMasks(firstSample: numbers[0], sampleStride: numbers[1], rows: numbers[2])
  }

  func run() throws {
    common.apply()
    let subject = try isFolder ? subjectOfRun() : subjectOfFile()
    let findings = subject.network.diagnose(on: subject.inputs, workers: worker)
    try report(findings)
    if !findings.isHealthy { throw ExitCode(MoultError(.failure, "").exitCode) }
  }

  /// The network and the inputs to diagnose.
  private struct Subject {
    let network: MLP
    let inputs: Tensor
  }

  private var isFolder: Bool {
    var information = stat()
    return stat(model, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  private func subjectOfRun() throws -> Subject {
    for (name, isSet) in [
      ("dropout", dropout != nil), ("input-dropout", inputDropout != nil), ("max-norm", maxNorm != nil),
      ("variant", variant != nil),
    ] where isSet {
      throw MoultError(
        .usage, "--\(name): expected with a model file only; a run folder says itself how it was trained, leave it out")
    }
    let configuration = model + "/config.json"
    let overrides = try ConfigurationFile.read(configuration)
    guard let layers = overrides.network.model, let dropout = overrides.network.dropout, let source = overrides.data,
      let seed = overrides.seed
    else {
      throw MoultError(
        .badData, "expected the settings of a run, with model.layers, model.dropout, data.source and seed",
        location: configuration)
    }
    let spec = ModelSpec(
      layers, dropout: dropout, inputDropout: overrides.network.inputDropout ?? 0, maxNorm: overrides.recipe.maxNorm,
      variant: overrides.variant)
    if let error = spec.validationError {
      throw MoultError(.badData, "model.\(error.key): \(error.text)", location: configuration)
    }
    let file = try ModelFile(TrainedModel.file(in: model))
    // The size of the network is limited by the weights in the file; the sizes in config.json could be arbitrarily
    // large.
    guard file.layers == layers else {
      throw MoultError(
        .badData, "expected a network \(layers), as config.json says, got \(file.layers)",
        location: file.path)
    }
    return try subject(
      spec, file: file, data: data ?? source, seed: seed, imageSize: overrides.settings.imageSize,
      splitSeed: overrides.settings.splitSeed ?? seed)
  }

  private func subjectOfFile() throws -> Subject {
    let file = try ModelFile(model)
    // The saved rates and max-norm limit are not used if another variant is requested.
    let saved = self.variant == nil ? try file.spec : nil
    let variant = try variant ?? file.variant
    let spec = ModelSpec(
      file.layers, dropout: dropout ?? saved?.dropout ?? variant?.defaultRate ?? ModelSpec.defaultDropout,
      inputDropout: inputDropout ?? saved?.inputDropout ?? 0, maxNorm: maxNorm ?? saved?.maxNorm, variant: variant)
    if let error = spec.validationError { throw error.optionError }
    return try subject(spec, file: file, data: data ?? "digits", seed: common.seed)
  }

  private func subject(
    _ spec: ModelSpec, file: ModelFile, data name: String, seed: UInt64, imageSize: PixelSize? = nil,
    splitSeed: UInt64? = nil
  ) throws(MoultError) -> Subject {
    let source = try DataSource(name)
    if source == .mnist, !MNISTCache.isComplete(try MNISTCache.folder()) {
      throw MoultError(
        .noInput, "expected mnist in the cache, as nothing is downloaded here; run 'moult data download mnist' first",
        location: try MNISTCache.folder())
    }
    var spec = spec
    let inputs: Tensor
    if case .table(let path) = source {
      let model = try DescribedModel(ModelDescription(file))
      spec.embeddings = model.description.spec.embeddings
      inputs = try rows(of: path, for: model)
    } else {
      let data = try source.load(common: common, imageSize: imageSize, splitSeed: splitSeed).train
      guard data.inputCount == spec.layers.inputSize else {
        throw MoultError(
          .usage,
          "\(source.name): expected samples of \(spec.layers.inputSize) inputs, as the model \(spec.layers) takes, "
            + "got \(data.inputCount)")
      }
      inputs = data.prefix(samples).inputs
    }
    setSeed(seed)
    let network = MLP(spec)
    try network.load(from: file.path)
    common.message(
      "\(file.path): network \(spec.layers), \(spec.variantName) \(spec.dropout), "
        + "looked at over \(NumberFormat.grouped(inputs.shape[0])) samples of \(source.name)")
    return Subject(network: network, inputs: inputs)
  }

  /// Returns the first rows of a table, encoded as for training.
  private func rows(of path: String, for model: DescribedModel) throws(MoultError) -> Tensor {
    let source = try SampleSource(path, for: model, use: .predicting, delimiter: nil, common: common)
    var batches: [Tensor] = [], count = 0
    while count < samples, let batch = try source.nextBatch() {
      let inputs = batch.inputs[0..<min(batch.inputs.shape[0], samples - count)]
      batches.append(inputs)
      count += inputs.shape[0]
    }
    guard !batches.isEmpty else { throw MoultError(.badData, "expected rows, got none", location: path) }
    return concatenate(batches, axis: 0)
  }

  private func report(_ findings: [Finding]) throws(MoultError) {
    func count(_ severity: Finding.Severity) -> Int { findings.count { $0.severity == severity } }
    if common.json {
      for finding in findings { try Console.result(finding.json) }
      return try Console.result(
        [
          "schema": 1, "event": "diagnosed", "healthy": .bool(findings.isHealthy), "errors": .integer(count(.error)),
          "warnings": .integer(count(.warning)), "notes": .integer(count(.note)),
        ])
    }
    for finding in findings { try Console.result(finding.description.visible) }
    try Console.result(
      findings.isHealthy ? "healthy" : "errors: \(count(.error)), warnings: \(count(.warning))")
  }
}

extension Finding {
  /// The finding as one line of the `--json` output.
  fileprivate var json: JSONOutput {
    [
      "schema": 1, "event": "finding", "severity": .string(severity.rawValue), "kind": .string(kind.rawValue),
      "layer": .string(layer), "what": .string(what),
      "figures": .object(values.sorted { $0.key < $1.key }.map { .init(key: $0, value: .number($1)) }),
      "advice": .string(advice),
    ]
  }
}
