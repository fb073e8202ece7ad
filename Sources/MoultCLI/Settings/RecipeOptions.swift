import ArgumentParser
import Moult

/// The names of the optimizers.
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

  /// Returns the number of values that the optimizer stores for each weight.
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

/// The names of the learning-rate schedules.
enum ScheduleKind: String, ExpressibleByArgument, CaseIterable {
  case constant, step, cosine
}

/// The weighting of the classes in the loss: all equal, or inversely proportional to their frequency.
enum ClassWeighting: String, ExpressibleByArgument, CaseIterable {
  case none, balanced
}

/// The options of training, other than those of data and network.
struct RecipeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Passes over the training data. Default: 40.", valueName: "count"))
  var epochs: Int?

  @Option(help: ArgumentHelp("Samples per step. Default: 100.", valueName: "count"))
  var batchSize: Int?

  @Option(help: "Optimizer. Default: sgd.")
  var optimizer: OptimizerKind?

  @Option(
    help: ArgumentHelp("Peak learning rate. Default: 0.1 for sgd, 0.001 for adam and adamw.", valueName: "rate"))
  var learningRate: Double?

  @Option(help: ArgumentHelp("Momentum of sgd. Default: 0.9.", valueName: "factor"))
  var momentum: Double?

  @Option(help: ArgumentHelp("Weight decay. Default: 0, for adamw 0.01.", valueName: "factor"))
  var weightDecay: Double?

  @Option(
    help:
      "Learning-rate schedule: constant, a tenth after each third (step), or down to 0 along a cosine. Default: cosine."
  )
  var schedule: ScheduleKind?

  @Option(
    help: ArgumentHelp("Epochs over which the learning rate rises from 0 first. Default: 0.", valueName: "epochs"))
  var warmUp: Double?

  @Option(
    help: ArgumentHelp(
      "Fraction of each target that is spread over all classes: 0 or more and less than 1. Default: 0.",
      valueName: "fraction"))
  var labelSmoothing: Double?

  @Option(
    help: ArgumentHelp(
      "Largest norm of the weights that come into a hidden unit. Default: no limit.", valueName: "norm"))
  var maxNorm: Double?

  @Option(
    help: ArgumentHelp(
      "Stop after so many epochs without a better validation loss, and keep the best weights; 0: never.",
      valueName: "epochs"))
  var patience: Int?

  @Option(
    help: ArgumentHelp(
      "Weights of the classes in the loss: all equal (none), or such that all classes count the same (balanced). "
        + "Default: none.",
      valueName: "kind"))
  var classWeights: ClassWeighting?
}
