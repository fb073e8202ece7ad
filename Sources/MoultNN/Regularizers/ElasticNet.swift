import MoultCore

/// An L1 penalty plus an L2 penalty.
///
///     penalty = l1 · Σ |w| + l2 · Σ w²
///
/// - Shapes: any -> `[]`.
/// - Gradient: `dw = l1 · sign(w) + 2 · l2 · w`.
/// - Complexity: O(*n*) time.
/// - Source: [Zou and Hastie 2005](https://doi.org/10.1111/j.1467-9868.2005.00503.x), in the form of
///   `keras.regularizers.L1L2`.
public struct ElasticNet: Regularizer {
  /// The L1 penalty.
  public let l1: L1
  /// The L2 penalty.
  public let l2: L2

  /// Makes the regularizer.
  ///
  /// - Parameters:
  ///   - l1: The factor of the sum of absolute values, at least 0.
  ///   - l2: The factor of the sum of squares, at least 0.
  public init(l1: Double, l2: Double) {
    requireStrength(l1, "ElasticNet")
    requireStrength(l2, "ElasticNet")
    self.l1 = L1(l1)
    self.l2 = L2(l2)
  }

  /// Returns the penalty on one tensor, a scalar.
  public func callAsFunction(_ weight: Tensor) -> Tensor { l1(weight) + l2(weight) }
}
