import ArgumentParser
import Moult

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `moult doctor`: what goes wrong with dropout in a trained network.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Looks for what goes wrong with dropout in a trained network.",
    discussion: """
      Runs the network over training samples, trains nothing and downloads \
      nothing. Looked for are dropout in evaluation and none in training, rates of \
      0 and 1, realised rates (with their z-scores), the order of dropout and batch \
      normalization, equal masks on two workers, dead units and max-norm that \
      limits every unit.

        moult doctor runs/first
        moult doctor runs/first mnist --json
        moult doctor model.safetensors digits --dropout 0.5
        moult doctor runs/first --workers 4

      A run folder says itself how its network was built; of a model file alone the \
      options say it. Ends with 0 if there are notes at most, with 1 if there are \
      warnings or errors. In programs of your own: model.diagnose(on: batch).
      """)

  @Argument(help: "A run folder, or a .safetensors file as 'train' writes it.")
  var model: String

  @Argument(help: "digits, mnist (if it is there already) or a folder of IDX files. Default: what the run trained on.")
  var data: String?

  @Option(
    help: ArgumentHelp("Probability of dropping a hidden unit, of a model file. Default: 0.5.", valueName: "rate"))
  var dropout: Double?

  @Option(help: ArgumentHelp("Probability of dropping an input, of a model file. Default: 0.", valueName: "rate"))
  var inputDropout: Double?

  @Option(help: ArgumentHelp("Greatest norm of a hidden unit's weights, of a model file.", valueName: "norm"))
  var maxNorm: Double?

  @Option(
    help: ArgumentHelp("Variant of dropout, of a model file. Default: dropout.", valueName: "name"),
    transform: { try DropoutVariant(named: $0) })
  var variant: DropoutVariant?

  @Option(help: ArgumentHelp("Training samples to look at, the first ones.", valueName: "count"))
  var samples = 10_000

  @Option(
    help: ArgumentHelp(
      "Also compare the masks of that many workers, each with every so many-th sample.", valueName: "count"))
  var workers = 1

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  func validate() throws {
    let hint = "it is the probability of dropping"
    for (name, rate) in [("dropout", dropout), ("input-dropout", inputDropout)] {
      if let rate { try expect((0...1).contains(rate), name, "a rate in 0...1", got: rate, hint: hint) }
    }
    if let maxNorm { try expect(maxNorm > 0 && maxNorm.isFinite, "max-norm", "a positive number", got: maxNorm) }
    try expect((1...1_000_000).contains(samples), "samples", "1 to 1000000", got: samples)
    try expect((1...1_024).contains(workers), "workers", "1 to 1024", got: workers)
  }

  func run() throws {
    common.apply()
    let patient = try isFolder ? patientOfRun() : patientOfFile()
    let findings = patient.network.diagnose(
      on: patient.inputs,
      workers: (0..<workers).map { WorkerMasks(seed: patient.seed, firstSample: $0, sampleStride: workers) })
    try report(findings)
    if !findings.isHealthy { throw ExitCode(MoultError(.failure, "").exitCode) }
  }

  /// What is looked at.
  private struct Patient {
    let network: MLP
    let inputs: Tensor
    let seed: UInt64
  }

  private var isFolder: Bool {
    var information = stat()
    return stat(model, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  private func patientOfRun() throws -> Patient {
    for (name, isGiven) in [
      ("dropout", dropout != nil), ("input-dropout", inputDropout != nil), ("max-norm", maxNorm != nil),
      ("variant", variant != nil),
    ] where isGiven {
      throw ValidationError("--\(name): expected with a model file only; a run folder says itself how it was trained")
    }
    let path = model + "/config.json"
    let configuration = try RunConfiguration.read(path)
    func setting<Value>(_ read: () throws -> Value) throws(MoultError) -> Value {
      do { return try read() } catch { throw MoultError(.badData, "\(error)", location: path) }
    }
    return try patient(
      spec: setting { try ModelSpec(configuration.model) }, file: model + "/model.safetensors",
      data: data ?? configuration.data, dropout: configuration.dropout, inputDropout: configuration.inputDropout,
      maxNorm: configuration.maxNorm,
      variant: setting { try configuration.variant.map { try DropoutVariant(named: $0) } }, seed: configuration.seed)
  }

  private func patientOfFile() throws -> Patient {
    try patient(
      spec: try ModelSpec(ofFile: model), file: model, data: data ?? "digits",
      dropout: dropout ?? variant?.defaultRate ?? NetworkOptions.defaultDropout, inputDropout: inputDropout ?? 0,
      maxNorm: maxNorm, variant: variant, seed: common.seed)
  }

  private func patient(
    spec: ModelSpec, file: String, data name: String, dropout: Double, inputDropout: Double, maxNorm: Double?,
    variant: DropoutVariant?, seed: UInt64
  ) throws(MoultError) -> Patient {
    let source = try DataSource(name)
    if source == .mnist, !MNISTCache.isComplete(try MNISTCache.folder()) {
      throw MoultError(
        .noInput, "expected mnist in the cache, as nothing is downloaded here; run 'moult data download mnist' first",
        location: try MNISTCache.folder())
    }
    let data = try source.load(common: common).train
    let inputSize = data.storedInputs.shape.dropFirst().reduce(1, *)
    guard inputSize == spec.inputSize else {
      throw MoultError(
        .usage,
        "\(source.name): expected samples of \(spec.inputSize) inputs, as the model \(spec) takes, got \(inputSize)")
    }
    setSeed(seed)
    let network = MLP(spec, dropout: dropout, inputDropout: inputDropout, maxNorm: maxNorm, variant: variant)
    try network.load(from: file)
    common.message(
      "\(file): network \(spec), \(variant?.name ?? DropoutVariant.plainName) \(dropout), looked at over "
        + "\(NumberFormat.grouped(min(samples, data.count))) samples of \(source.name)")
    return Patient(network: network, inputs: data.prefix(samples).inputs, seed: seed)
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
  /// The finding as the line that `--json` prints.
  fileprivate var json: JSONOutput {
    [
      "schema": 1, "event": "finding", "severity": .string(severity.rawValue), "kind": .string(kind.rawValue),
      "layer": .string(layer), "what": .string(what),
      "figures": .object(figures.sorted { $0.key < $1.key }.map { .init(key: $0, value: .number($1)) }),
      "advice": .string(advice),
    ]
  }
}

extension ModelSpec {
  /// The sizes of the network whose parameters a file holds.
  fileprivate init(ofFile path: String) throws(MoultError) {
    let entries = try SafeTensors.readHeader(path).entries
    func shape(_ name: String) -> [Int]? { entries.first { $0.name == name && $0.shape.count == 2 }?.shape }
    var weights: [[Int]] = []
    while let next = shape("hiddenLayers.\(weights.count).weight") { weights.append(next) }
    guard let output = shape("outputLayer.weight") else {
      throw MoultError(
        .badData, "expected outputLayer.weight [out, in], as files of 'moult train' have it, got no such tensor",
        location: path)
    }
    weights.append(output)
    for (first, second) in zip(weights, weights.dropFirst()) where first[0] != second[1] {
      throw MoultError(
        .badData,
        "expected weights that fit together, got a layer of \(first[0]) units before one of \(second[1]) inputs",
        location: path)
    }
    self.init(inputSize: weights[0][1], hiddenSizes: weights.dropLast().map { $0[0] }, outputSize: output[0])
  }
}
