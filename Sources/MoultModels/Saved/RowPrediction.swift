/// The prediction for one row: class probabilities or a number, depending on the task in ``PredictionTarget/task``.
public struct RowPrediction: Sendable, Equatable {
  /// The class probabilities of a classification; nil for a regression.
  public let classes: ClassPrediction?
  /// The predicted number of a regression; nil for a classification.
  public let number: NumberPrediction?
}

/// The predicted class probabilities of one row.
public struct ClassPrediction: Sendable, Equatable {
  /// The probability of each output, in the order of ``TrainedModel/outputNames``; they add up to 1.
  public let probabilities: [Double]
  /// The entropy of the probabilities in nats: the total predictive uncertainty.
  public let entropy: Double
  /// The mutual information in nats: the part of the entropy that comes from disagreement between passes; 0 without
  /// passes.
  public let mutualInformation: Double
  /// The name of each output, in the order of `probabilities`.
  let names: [String]

  /// The index of the most probable class; the first one of several with the same probability.
  public var index: Int { probabilities.indexOfMaximum }
  /// The name of the most probable class.
  public var label: String { names[index] }
  /// The probability of the most probable class.
  public var probability: Double { probabilities[index] }
}

/// The predicted number of one row of a regression, in the unit of the training targets.
public struct NumberPrediction: Sendable, Equatable {
  /// The mean of the predictive distribution.
  public let mean: Double
  /// The standard deviation of the predictive distribution: the variance between passes and the noise variance
  /// together.
  public let deviation: Double

  /// Returns the central interval that holds the fraction `level` of the predictive distribution, taken as normal.
  ///
  /// - Precondition: `level` is in 0..<1.
  public func interval(_ level: Double) -> (lower: Double, upper: Double) {
    interval(deviations: standardDeviations(holding: level))
  }

  /// Returns the interval mean ± `deviations` · standard deviation.
  package func interval(deviations: Double) -> (lower: Double, upper: Double) {
    (mean - deviations * deviation, mean + deviations * deviation)
  }
}

extension [Double] {
  /// The index of the largest element; the first one of several equal ones.
  package var indexOfMaximum: Int { indices.dropFirst().reduce(0) { self[$1] > self[$0] ? $1 : $0 } }
}
