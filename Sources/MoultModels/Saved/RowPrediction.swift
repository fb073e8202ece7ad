/// The prediction for one row: of classes or of a number, as the model's ``PredictionTarget/task`` says.
public struct RowPrediction: Sendable, Equatable {
  /// The probabilities of a classification; nil for a regression.
  public let classes: ClassPrediction?
  /// The number of a regression; nil for a classification.
  public let number: NumberPrediction?
}

/// The probabilities of all classes for one row.
public struct ClassPrediction: Sendable, Equatable {
  /// The probability of each output, in the order of ``TrainedModel/outputNames``.
  public let probabilities: [Double]
  /// The entropy of the probabilities in nats: the whole uncertainty.
  public let entropy: Double
  /// The part of the entropy that comes from the disagreement of the passes; 0 without passes.
  public let mutualInformation: Double
  /// The names of the outputs.
  let names: [String]

  /// The index of the most probable class, the first of equals.
  public var index: Int { probabilities.indexOfMaximum }
  /// The name of the most probable class.
  public var label: String { names[index] }
  /// The probability of the most probable class.
  public var probability: Double { probabilities[index] }
}

/// The number that a regression predicts for one row, in its own unit.
public struct NumberPrediction: Sendable, Equatable {
  /// The predicted mean.
  public let mean: Double
  /// The standard deviation of an observation: spread of the passes and noise together.
  public let deviation: Double

  /// The interval that holds the fraction `level` of observations, if they are normally distributed.
  ///
  /// - Precondition: `level` is in 0..<1.
  public func interval(_ level: Double) -> (lower: Double, upper: Double) {
    interval(deviations: standardDeviations(holding: level))
  }

  /// The interval of so many standard deviations to either side of the mean.
  package func interval(deviations: Double) -> (lower: Double, upper: Double) {
    (mean - deviations * deviation, mean + deviations * deviation)
  }
}

extension [Double] {
  /// The index of the maximum, the first of equals.
  package var indexOfMaximum: Int { indices.dropFirst().reduce(0) { self[$1] > self[$0] ? $1 : $0 } }
}
