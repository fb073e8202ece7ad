import MoultCore

/// Targets that a prediction is evaluated with while its passes run.
public struct ObservedTargets: Sendable {
  /// The distribution of observations around the model's predictions.
  public enum Noise: Sendable {
    /// A normal distribution of this precision, the inverse of its variance.
    case precision(Double)
    /// A normal distribution of the variance that the model predicts, for a heteroscedastic regression.
    case predicted
  }

  /// The targets, shaped like the mean.
  public let values: Tensor
  /// Their noise.
  public let noise: Noise

  /// Targets with their noise.
  ///
  /// - Parameters:
  ///   - values: The targets, shaped like the outputs of the model.
  ///   - noise: Their noise.
  public init(_ values: Tensor, noise: Noise) {
    if case .precision(let precision) = noise {
      require(
        precision > 0 && precision < .infinity,
        "ObservedTargets: expected a precision above 0, got \(precision); it is the inverse of the noise's variance")
    }
    (self.values, self.noise) = (values, noise)
  }
}
