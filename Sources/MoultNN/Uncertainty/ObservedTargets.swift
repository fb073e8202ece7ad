import MoultCore

/// Targets that a prediction is evaluated with while its passes run.
public struct ObservedTargets: Sendable {
  /// How far observations scatter around what the model says.
  public enum Noise: Sendable {
    /// Normally, with this precision, the inverse of a variance.
    case precision(Double)
    /// Normally, with the variance that the model gives: for a heteroscedastic regression.
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
