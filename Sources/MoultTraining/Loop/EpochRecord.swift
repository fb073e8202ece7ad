import MoultFormats

/// The metrics of one epoch. The coding keys are the snake-case names in a line of `metrics.jsonl`.
public struct EpochRecord: Codable, Sendable, Equatable {
  /// The epoch, counted from 1.
  public var epoch: Int
  /// The number of steps since training began, including this epoch.
  public var steps: Int
  /// The mean loss over the training samples in training mode, measured during the epoch: with dropout on and while the
  /// weights change.
  public var trainLoss: Double
  /// The fraction of training samples that were classified correctly during the epoch, in training mode; nil if the
  /// labels are not classes, or if the trainer has an `objective`.
  public var trainAccuracy: Double?
  /// The mean loss over the validation data after the epoch, in evaluation mode; nil without validation data.
  public var validationLoss: Double?
  /// The fraction of validation samples that are classified correctly after the epoch, in evaluation mode; nil without
  /// validation data or if the labels are not classes.
  public var validationAccuracy: Double?
  /// The metrics of the trainer over the validation data after the epoch, by name, with NaN for a value that is not
  /// defined; nil without validation data or metrics.
  public var validationMetrics: [String: Double]?
  /// The mean loss over `Trainer.evaluatedTraining` after the epoch, in evaluation mode; nil without such data.
  public var trainEvaluationLoss: Double?
  /// The fraction of samples of `Trainer.evaluatedTraining` that are classified correctly after the epoch, in
  /// evaluation mode; nil without such data or if the labels are not classes.
  public var trainEvaluationAccuracy: Double?
  /// The metrics of the trainer over `Trainer.evaluatedTraining` after the epoch, by name; nil without such data or
  /// metrics.
  public var trainEvaluationMetrics: [String: Double]?
  /// The learning rate of the last step of the epoch.
  public var learningRate: Double
  /// The dropout rates of the scheduled layers in the last step of the epoch, by the path of the layer; nil without a
  /// schedule of rates.
  public var dropoutRates: [String: Double]?
  /// The number of seconds spent in the training steps of the epoch, without validation.
  public var seconds: Double
  /// The number of training samples per second of `seconds`.
  public var samplesPerSecond: Double

  /// Makes a record.
  package init(
    epoch: Int, steps: Int, trainLoss: Double, trainAccuracy: Double? = nil, validationLoss: Double? = nil,
    validationAccuracy: Double? = nil, validationMetrics: [String: Double]? = nil, trainEvaluationLoss: Double? = nil,
    trainEvaluationAccuracy: Double? = nil, trainEvaluationMetrics: [String: Double]? = nil, learningRate: Double,
    dropoutRates: [String: Double]? = nil, seconds: Double, samplesPerSecond: Double
  ) {
    (self.epoch, self.steps) = (epoch, steps)
    (self.trainLoss, self.trainAccuracy) = (trainLoss, trainAccuracy)
    (self.validationLoss, self.validationAccuracy) = (validationLoss, validationAccuracy)
    (self.trainEvaluationLoss, self.trainEvaluationAccuracy) = (trainEvaluationLoss, trainEvaluationAccuracy)
    (self.validationMetrics, self.trainEvaluationMetrics) = (validationMetrics, trainEvaluationMetrics)
    (self.learningRate, self.dropoutRates) = (learningRate, dropoutRates)
    (self.seconds, self.samplesPerSecond) = (seconds, samplesPerSecond)
  }

  enum CodingKeys: String, CodingKey {
    case epoch, steps, seconds
    case trainLoss = "train_loss"
    case trainAccuracy = "train_accuracy"
    case validationLoss = "validation_loss"
    case validationAccuracy = "validation_accuracy"
    case validationMetrics = "validation_metrics"
    case trainEvaluationLoss = "train_evaluation_loss"
    case trainEvaluationAccuracy = "train_evaluation_accuracy"
    case trainEvaluationMetrics = "train_evaluation_metrics"
    case learningRate = "learning_rate"
    case dropoutRates = "dropout_rates"
    case samplesPerSecond = "samples_per_second"
  }

  /// The validation loss minus the loss on training samples, both in evaluation mode (generalization gap); nil if one
  /// is missing.
  public var lossGap: Double? {
    guard let validationLoss, let trainEvaluationLoss else { return nil }
    return validationLoss - trainEvaluationLoss
  }

  /// The accuracy on training samples minus the accuracy on validation samples, both in evaluation mode; nil if one is
  /// missing.
  public var accuracyGap: Double? {
    guard let validationAccuracy, let trainEvaluationAccuracy else { return nil }
    return trainEvaluationAccuracy - validationAccuracy
  }

  /// The JSON object that is one line of `metrics.jsonl` and of `--json`. The keys `dropout_rates`,
  /// `validation_metrics` and `train_evaluation_...` are left out if their values are nil.
  package var json: JSONOutput {
    func object(_ key: CodingKeys, _ values: [String: Double]?) -> JSONOutput.Member? {
      values.map { values in
        .init(
          key: key.rawValue,
          value: .object(values.sorted { $0.key < $1.key }.map { .init(key: $0, value: .number($1)) }))
      }
    }
    let line: [JSONOutput.Member?] = [
      .init(key: "schema", value: 1),
      .init(key: "event", value: "epoch"),
      .init(key: "epoch", value: .integer(epoch)),
      .init(key: "steps", value: .integer(steps)),
      .init(key: "train_loss", value: .number(trainLoss)),
      .init(key: "train_accuracy", value: .optional(trainAccuracy)),
      .init(key: "validation_loss", value: .optional(validationLoss)),
      .init(key: "validation_accuracy", value: .optional(validationAccuracy)),
      object(.validationMetrics, validationMetrics),
      trainEvaluationLoss.map { .init(key: "train_evaluation_loss", value: .number($0)) },
      trainEvaluationAccuracy.map { .init(key: "train_evaluation_accuracy", value: .number($0)) },
      object(.trainEvaluationMetrics, trainEvaluationMetrics),
      .init(key: "learning_rate", value: .number(learningRate)),
      object(.dropoutRates, dropoutRates),
      .init(key: "seconds", value: .number(seconds)),
      .init(key: "samples_per_second", value: .number(samplesPerSecond)),
    ]
    return .object(line.compactMap { $0 })
  }
}
