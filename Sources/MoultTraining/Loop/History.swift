import MoultFormats

/// The record of one epoch of training. Codable with the same snake-case names as a line of `metrics.jsonl`.
public struct EpochRecord: Codable, Sendable, Equatable {
  /// The epoch, counted from 1.
  public var epoch: Int
  /// Steps taken since training began, this epoch included.
  public var steps: Int
  /// Mean loss over the epoch's batches, as trained: dropout was on and the weights were moving.
  public var trainLoss: Double
  /// Share of training samples that were classified rightly while training, or `nil` when the labels are not classes.
  public var trainAccuracy: Double?
  /// Mean loss over the validation data after the epoch, in evaluation mode.
  public var validationLoss: Double?
  /// Share of validation samples that are classified rightly after the epoch, in evaluation mode.
  public var validationAccuracy: Double?
  /// Mean loss over `Trainer.evaluatedTraining` after the epoch, in evaluation mode, or `nil` without it.
  public var trainEvaluationLoss: Double?
  /// Share of samples of `Trainer.evaluatedTraining` that are classified rightly after the epoch, in evaluation mode.
  public var trainEvaluationAccuracy: Double?
  /// The learning rate of the epoch's last step.
  public var learningRate: Double
  /// The rates of the scheduled layers at the epoch's last step by their paths, or `nil` without a schedule of rates.
  public var dropoutRates: [String: Double]?
  /// Seconds spent in the epoch's training steps; validation is not counted.
  public var seconds: Double
  /// Training samples per second of `seconds`.
  public var samplesPerSecond: Double

  /// Makes a record of given values.
  package init(
    epoch: Int, steps: Int, trainLoss: Double, trainAccuracy: Double? = nil, validationLoss: Double? = nil,
    validationAccuracy: Double? = nil, trainEvaluationLoss: Double? = nil, trainEvaluationAccuracy: Double? = nil,
    learningRate: Double, dropoutRates: [String: Double]? = nil, seconds: Double,
    samplesPerSecond: Double
  ) {
    (self.epoch, self.steps) = (epoch, steps)
    (self.trainLoss, self.trainAccuracy) = (trainLoss, trainAccuracy)
    (self.validationLoss, self.validationAccuracy) = (validationLoss, validationAccuracy)
    (self.trainEvaluationLoss, self.trainEvaluationAccuracy) = (trainEvaluationLoss, trainEvaluationAccuracy)
    (self.learningRate, self.dropoutRates) = (learningRate, dropoutRates)
    (self.seconds, self.samplesPerSecond) = (seconds, samplesPerSecond)
  }

  enum CodingKeys: String, CodingKey {
    case epoch, steps, seconds
    case trainLoss = "train_loss"
    case trainAccuracy = "train_accuracy"
    case validationLoss = "validation_loss"
    case validationAccuracy = "validation_accuracy"
    case trainEvaluationLoss = "train_evaluation_loss"
    case trainEvaluationAccuracy = "train_evaluation_accuracy"
    case learningRate = "learning_rate"
    case dropoutRates = "dropout_rates"
    case samplesPerSecond = "samples_per_second"
  }

  /// By how much the validation loss is above that of training samples, both in evaluation mode: the generalization
  /// gap.
  public var lossGap: Double? {
    guard let validationLoss, let trainEvaluationLoss else { return nil }
    return validationLoss - trainEvaluationLoss
  }

  /// By how much the accuracy on training samples is above that on validation samples, both in evaluation mode.
  public var accuracyGap: Double? {
    guard let validationAccuracy, let trainEvaluationAccuracy else { return nil }
    return trainEvaluationAccuracy - validationAccuracy
  }

  /// The record as the line that `metrics.jsonl` and `--json` print; without `dropout_rates` where there is no schedule
  /// of rates, and without `train_evaluation_...` where training samples are not looked at.
  package var json: JSONOutput {
    let line: [JSONOutput.Member?] = [
      .init(key: "schema", value: 1),
      .init(key: "event", value: "epoch"),
      .init(key: "epoch", value: .integer(epoch)),
      .init(key: "steps", value: .integer(steps)),
      .init(key: "train_loss", value: .number(trainLoss)),
      .init(key: "train_accuracy", value: .optional(trainAccuracy)),
      .init(key: "validation_loss", value: .optional(validationLoss)),
      .init(key: "validation_accuracy", value: .optional(validationAccuracy)),
      trainEvaluationLoss.map { .init(key: "train_evaluation_loss", value: .number($0)) },
      trainEvaluationAccuracy.map { .init(key: "train_evaluation_accuracy", value: .number($0)) },
      .init(key: "learning_rate", value: .number(learningRate)),
      dropoutRates.map { rates in
        .init(
          key: "dropout_rates",
          value: .object(rates.sorted { $0.key < $1.key }.map { .init(key: $0, value: .number($1)) }))
      },
      .init(key: "seconds", value: .number(seconds)),
      .init(key: "samples_per_second", value: .number(samplesPerSecond)),
    ]
    return .object(line.compactMap { $0 })
  }
}

/// The record of a call of `Trainer.fit`, epoch by epoch.
public struct History: Codable, Sendable, Equatable {
  /// One record per finished epoch, oldest first.
  public var epochs: [EpochRecord] = []
  /// Steps taken by this call, those of an unfinished epoch included.
  public var steps = 0
  /// Samples trained on by this call, those of an unfinished epoch included.
  public var samples = 0
  /// Seconds spent in training steps; validation and callbacks between epochs are not counted.
  public var seconds = 0.0
  /// The signal that ended training early (2 for Ctrl-C, 15 for a termination request, 10 on Linux for SIGUSR1), or
  /// `nil` when it ran to its end.
  public var interrupted: Int32?
  /// The reason for which a callback ended training early, or `nil` when none did.
  public var stopReason: String?

  /// An empty history.
  public init() {}

  /// The last finished epoch.
  public var last: EpochRecord? { epochs.last }

  /// Training samples per second over the whole call.
  public var samplesPerSecond: Double { seconds > 0 ? Double(samples) / seconds : 0 }
}
