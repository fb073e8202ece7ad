import ArgumentParser
import Moult

/// Which optimizer.
enum OptimizerKind: String, ExpressibleByArgument, CaseIterable {
  case sgd, adam, adamw

  var defaultLearningRate: Double {
    switch self {
    case .sgd: 0.1
    case .adam, .adamw: 0.001
    }
  }

  var defaultWeightDecay: Double {
    switch self {
    case .sgd, .adam: 0
    case .adamw: 0.01
    }
  }

  static let defaultMomentum = 0.9

  /// Numbers that it keeps for each weight.
  func bufferCount(momentum: Double) -> Int {
    switch self {
    case .sgd: momentum > 0 ? 1 : 0
    case .adam, .adamw: 2
    }
  }

  func make(_ parameters: [Parameter], learningRate: Double, momentum: Double, weightDecay: Double) -> any Optimizer {
    switch self {
    case .sgd: SGD(parameters, learningRate: learningRate, momentum: momentum, weightDecay: weightDecay)
    case .adam: Adam(parameters, learningRate: learningRate, weightDecay: weightDecay)
    case .adamw: AdamW(parameters, learningRate: learningRate, weightDecay: weightDecay)
    }
  }
}

/// How the learning rate moves.
enum ScheduleKind: String, ExpressibleByArgument, CaseIterable {
  case constant, step, cosine
}

/// How to train: everything that is neither data nor network.
struct RecipeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Passes over the training data.", valueName: "count"))
  var epochs = 40

  @Option(help: ArgumentHelp("Samples per step.", valueName: "count"))
  var batchSize = 100

  @Option(help: "What moves the weights.")
  var optimizer = OptimizerKind.sgd

  @Option(
    help: ArgumentHelp("Greatest learning rate. Default: 0.1 for sgd, 0.001 for adam and adamw.", valueName: "rate"))
  var learningRate: Double?

  @Option(help: ArgumentHelp("Momentum of sgd. Default: 0.9.", valueName: "factor"))
  var momentum: Double?

  @Option(help: ArgumentHelp("Weight decay. Default: 0, for adamw 0.01.", valueName: "factor"))
  var weightDecay: Double?

  @Option(help: "Course of the learning rate: constant, a tenth after each third (step), or down to 0 along a cosine.")
  var schedule = ScheduleKind.cosine

  @Option(help: ArgumentHelp("Epochs over which the learning rate rises from 0 first.", valueName: "epochs"))
  var warmUp = 0.0

  @Option(
    help: ArgumentHelp(
      "Share of each target that is spread over all classes: 0 or more and less than 1.", valueName: "share"))
  var labelSmoothing = 0.0

  @Option(
    help: ArgumentHelp(
      "Greatest norm of the weights that come into a hidden unit. Default: no limit.", valueName: "norm"))
  var maxNorm: Double?

  func validate() throws {
    func isPositive(_ value: Double) -> Bool { value > 0 && value.isFinite }
    func isNotNegative(_ value: Double) -> Bool { value >= 0 && value.isFinite }
    try expect((1...1_000_000).contains(epochs), "epochs", "1 to 1000000", got: epochs)
    try expect((1...100_000_000).contains(batchSize), "batch-size", "1 or more", got: batchSize)
    if let learningRate {
      try expect(isPositive(learningRate), "learning-rate", "a positive number", got: learningRate)
    }
    if let momentum {
      try expect((0..<1).contains(momentum), "momentum", "0 or more and less than 1", got: momentum)
      if optimizer != .sgd {
        throw ValidationError("--momentum: expected with --optimizer sgd only, got --optimizer \(optimizer.rawValue)")
      }
    }
    if let weightDecay { try expect(isNotNegative(weightDecay), "weight-decay", "0 or more", got: weightDecay) }
    if let maxNorm { try expect(isPositive(maxNorm), "max-norm", "a positive number", got: maxNorm) }
    try expect(isNotNegative(warmUp), "warm-up", "0 or more epochs", got: warmUp)
    try expect(
      warmUp < Double(epochs), "warm-up", "fewer than the \(epochs) epochs of training", got: warmUp)
    try expect(
      (0..<1).contains(labelSmoothing), "label-smoothing", "0 or more and less than 1", got: labelSmoothing)
  }

  var resolvedLearningRate: Double { learningRate ?? optimizer.defaultLearningRate }
  var resolvedMomentum: Double { momentum ?? OptimizerKind.defaultMomentum }
  var resolvedWeightDecay: Double { weightDecay ?? optimizer.defaultWeightDecay }

  func makeOptimizer(_ parameters: [Parameter]) -> any Optimizer {
    optimizer.make(
      parameters, learningRate: resolvedLearningRate, momentum: resolvedMomentum, weightDecay: resolvedWeightDecay)
  }
}

extension RecipeOptions {
  /// The course of the learning rate over the whole run.
  func makeSchedule(stepsPerEpoch: Int) -> any LearningRateSchedule {
    let warmUpSteps = Int((warmUp * Double(stepsPerEpoch)).rounded())
    let steps = max(1, epochs * stepsPerEpoch - warmUpSteps)
    let rate = resolvedLearningRate
    let main: any LearningRateSchedule =
      switch schedule {
      case .constant: ConstantSchedule(rate)
      case .step: StepSchedule(rate, every: (steps + 2) / 3)
      case .cosine: CosineSchedule(rate, over: steps)
      }
    return warmUpSteps > 0 ? WarmUp(steps: warmUpSteps, then: main) : main
  }
}
