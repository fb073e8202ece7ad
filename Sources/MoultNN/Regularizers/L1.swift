import MoultCore

/// A penalty proportional to the sum of absolute values. It drives weights to exactly 0.
///
///     penalty = strength · Σ |w|
///
/// - Shapes: any -> `[]`.
/// - Gradient: `dw = strength · sign(w)`, 0 at 0.
/// - Complexity: O(*n*) time.
/// - Source: [Tibshirani 1996](https://doi.org/10.1111/j.2517-6161.1996.tb02080.x), in the form of
///   `keras.regularizers.L1`.
public struct L1: Regularizer {
  /// The factor of the sum of absolute values.
  public let strength: Double

  /// Makes the regularizer.
  ///
  /// - Parameter strength: The factor of the sum of absolute values, at least 0.
  public init(_ strength: Double) {
    requireStrength(strength, "L1")
    self.strength = strength
  }

  /// Returns the penalty on one tensor, a scalar.
  public func callAsFunction(_ weight: Tensor) -> Tensor { abs(weight).sum() * strength }
}
