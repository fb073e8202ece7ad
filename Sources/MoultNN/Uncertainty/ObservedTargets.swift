import MoultCore

/// The true targets of a prediction and their noise, from which the passes compute the log-likelihood.
public struct ObservedTargets: Sendable {
  /// The distribution of the targets around the predicted values.
  public enum Noise: Sendable {
    /// A normal distribution with a known precision, the inverse of its variance, above 0.
    case precision(Double)
    /// A normal distribution with the variance that a heteroscedastic regression model predicts.
    case predicted
  }

  /// The targets, in the shape of the prediction's mean.
  public let values: Tensor
  /// The noise of the targets.
  public let noise: Noise

  /// Makes targets with their noise.
  ///
  /// - Parameters:
  ///   - values: The targets, in the shape of the prediction's mean.
  ///   - noise: The noise of the targets.
  public init(_ values: Tensor, noise: Noise) {
    if case .precision(let precision) = noise {
      require(
        precision > 0 && precision < .infinity,
        "ObservedTargets: expected a precision above 0, got \(precision); it is the inverse of the noise's variance")
    }
    (self.values, self.noise) = (values, noise)
  }
}
