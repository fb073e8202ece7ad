import ArgumentParser
import Moult
import MoultDigits

/// The command `moult bench predict`: measures the time of predictions.
struct BenchPredict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Times one prediction: evaluation mode, gradients off.",
    discussion: """
      Runs the call that a user would write, through the public API:

        let scores = withGradients(false) { model(inputs) }

      over the same ten random batches again and again, and prints the median in \
      microseconds. With --samples it is a Monte Carlo prediction instead:

        let answer = model.predict(inputs, passes: 10, as: .classification)

        moult bench predict
        moult bench predict --model 784-1024x3-10 --batch-size 100 --threads 1 --json
      """)

  @Option(
    help: ArgumentHelp(
      "Sizes of inputs, hidden layers and outputs. Default: \(LayerSizes.article).", valueName: "sizes"),
    transform: { try LayerSizes($0) })
  var model: LayerSizes?

  @Option(help: ArgumentHelp("Rows per call; those of a file say it themselves. Default: 1.", valueName: "count"))
  var batchSize: Int?

  @Option(help: ArgumentHelp("Passes with dropout on, for a Monte Carlo prediction.", valueName: "count"))
  var samples: Int?

  @Option(
    help: ArgumentHelp(
      "Random batches from a normal distribution, bundled digits, or those of a safetensors file. Default: normal.",
      valueName: "normal|mnist|path"))
  var inputs = BenchInputs.normal

  @OptionGroup var measuring: MeasuringOptions

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  func validate() throws {
    if let batchSize { try expect((1...100_000_000).contains(batchSize), "batch-size", "1 or more", got: batchSize) }
    if let samples { try expect((1...1_000_000).contains(samples), "samples", "1 to 1000000", got: samples) }
  }

  private func batches(for spec: LayerSizes) throws -> BenchBatches {
    let size = batchSize ?? 1
    switch inputs {
    case .normal:
      try MemoryEstimate(spec, buffersPerParameter: 0, batchSize: size)
        .check("--batch-size \(size)", hint: "choose a smaller batch or, with --model, a smaller network")
      return BenchBatches(normal: spec, batchSize: size)
    case .mnist:
      let batches = try BenchBatches(digits: BundledDigits.load().train, batchSize: size)
      try expect(spec.inputSize == batches.inputSize, "model", "\(batches.inputSize) inputs", got: spec.inputSize)
      return batches
    case .file(let path): return try BenchBatches(heldOut: path, for: spec, option: "--inputs")
    }
  }

  func run() throws {
    common.apply()
    let spec = model ?? .article, batches = try batches(for: spec), batchSize = batches.batchSize
    // In evaluation mode dropout is the identity for any rate; the rate matters only for Monte Carlo predictions.
    let network = MLP(ModelSpec(spec, dropout: 0.5))
    network.eval()
    let task: LearningTask = spec.outputSize > 1 ? .classification : .regression
    let timings = measuring.measure { number in
      let inputs = batches[number].inputs
      if let samples {
        network.predict(inputs, passes: samples, as: task).mean.look()
      } else {
        withGradients(false) { network(inputs).look() }
      }
    }
    if common.json {
      return try Console.result(
        .bench(
          "predict",
          [
            .init(key: "model", value: .string(spec.description)), .init(key: "batch_size", value: .integer(batchSize)),
            .init(key: "batches", value: .integer(batches.count)),
            .init(key: "samples", value: samples.map { .integer($0) } ?? .null),
          ], timings))
    }
    try Console.result(
      "prediction of \(spec), batch \(batchSize), \(samples.map { "\($0) samples, " } ?? "")\(timings.text), \(NumberFormat.grouped(timings.count)) calls, "
        + Kernels.instructionSet)
  }
}
