import ArgumentParser
import Moult

/// `moult bench`: measures on this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures how fast this machine trains.",
    subcommands: [BenchStep.self]
  )
}

/// What the inputs of a benchmark look like.
enum BenchInputs: String, ExpressibleByArgument, CaseIterable {
  case normal, mnist
}

/// `moult bench step`: a training step as a program with its own loop takes it.
struct BenchStep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Times one training step: forward, cross-entropy, backward, update, loss read back.",
    discussion: """
      Runs the loop that a user would write, through the public API:

        let loss = crossEntropy(model(batch.inputs), batch.labels)
        optimizer.step(minimizing: loss)

      and prints the median over repetitions, in microseconds, for one fixed batch.

        moult bench step
        moult bench step --model 784-1024x3-10 --batch-size 128 --input-dropout 0.2 --threads 1 --json
        moult bench step --inputs mnist --optimizer adam
      """)

  @OptionGroup(title: "Network") var network: NetworkOptions

  @Option(help: ArgumentHelp("Samples per step.", valueName: "count"))
  var batchSize = 100

  @Option(help: "normal (random numbers) or mnist (the bundled digits, mostly zeros).")
  var inputs = BenchInputs.normal

  @Option(help: "What moves the weights.")
  var optimizer = OptimizerKind.sgd

  @Option(help: ArgumentHelp("How long to measure.", valueName: "seconds"))
  var seconds = 2.0

  @Option(help: ArgumentHelp("Steps to time, instead of --seconds.", valueName: "count"))
  var repetitions: Int?

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  /// Steps before the clock counts: memory is pooled and threads are awake by then.
  private static let warmUpSteps = 10
  /// A median of fewer is no median.
  private static let fewestRepetitions = 5
  /// The article's settings.
  private static let (learningRate, momentum) = (0.05, 0.9)

  func validate() throws {
    try expect((1...100_000_000).contains(batchSize), "batch-size", "1 or more", got: batchSize)
    try expect(seconds > 0 && seconds <= 3_600, "seconds", "more than 0 and at most 3600", got: seconds)
    if let repetitions {
      try expect(
        (Self.fewestRepetitions...10_000_000).contains(repetitions), "repetitions", "5 to 10000000", got: repetitions)
    }
  }

  func run() throws {
    common.apply()
    let spec =
      network.model ?? ModelSpec(inputSize: 784, hiddenSizes: NetworkOptions.defaultHiddenSizes, outputSize: 10)
    try MemoryEstimate(
      spec, buffersPerParameter: self.optimizer.bufferCount(momentum: Self.momentum), batchSize: batchSize
    ).check("--batch-size \(batchSize)", hint: "choose a smaller batch or, with --model, a smaller network")
    let (inputs, labels) = try batch(for: spec)
    let model = MLP(spec, dropout: network.dropout, inputDropout: network.inputDropout)
    let optimizer = optimizer.make(
      model.parameters(), learningRate: self.optimizer == .sgd ? Self.learningRate : self.optimizer.defaultLearningRate,
      momentum: Self.momentum, weightDecay: self.optimizer.defaultWeightDecay)
    model.train()

    var loss: Float = 0
    func step() {
      let batchLoss = crossEntropy(model(inputs), labels)
      optimizer.step(minimizing: batchLoss)
      loss = batchLoss.item()
    }

    for _ in 0..<Self.warmUpSteps { step() }
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var times: [Double] = []
    while repetitions.map({ times.count < $0 }) ?? (times.count < Self.fewestRepetitions || clock.now < end) {
      let start = clock.now
      step()
      times.append((clock.now - start) / .microseconds(1))
    }
    try report(spec, times: times.sorted(), loss: loss)
  }

  private func report(_ spec: ModelSpec, times: [Double], loss: Float) throws {
    let median = (times[times.count / 2] + times[(times.count - 1) / 2]) / 2
    if common.json {
      return try Console.result(
        [
          "schema": 1, "event": "bench", "benchmark": "step", "model": .string(spec.description),
          "batch_size": .integer(batchSize), "dropout": .number(network.dropout),
          "input_dropout": .number(network.inputDropout), "inputs": .string(inputs.rawValue),
          "optimizer": .string(optimizer.rawValue), "threads": .integer(threadCount),
          "instruction_set": .string(Kernels.instructionSet), "microseconds_median": .number(Self.rounded(median)),
          "microseconds_min": .number(Self.rounded(times[0])), "repetitions": .integer(times.count),
          "loss": .number(Double(loss)),
        ])
    }
    try Console.result(
      "step of \(spec), batch \(batchSize), dropout \(network.dropout), \(inputs.rawValue) inputs, "
        + "\(threadCount) thread\(threadCount == 1 ? "" : "s"): "
        + "median \(NumberFormat.fixed(median, 1)) µs, fastest \(NumberFormat.fixed(times[0], 1)) µs, "
        + "\(NumberFormat.grouped(times.count)) steps, \(Kernels.instructionSet)")
  }

  private static func rounded(_ microseconds: Double) -> Double { (microseconds * 10).rounded() / 10 }

  private func batch(for spec: ModelSpec) throws -> (inputs: Tensor, labels: Tensor) {
    switch inputs {
    case .normal:
      let labels = (0..<batchSize).map { $0 % spec.outputSize }
      return (Tensor.randomNormal([batchSize, spec.inputSize]), Tensor(labels: labels))
    case .mnist:
      let data = try BundledDigits.load().train
      _ = try network.spec(
        inputSize: data.storedInputs.shape.dropFirst().reduce(1, *), classCount: BundledDigits.classCount)
      guard batchSize <= data.count else {
        throw MoultError(.usage, "--batch-size: expected at most the \(data.count) digits, got \(batchSize)")
      }
      let batch = data.batch(at: Array(0..<batchSize))
      return (batch.inputs, batch.labels)
    }
  }
}
