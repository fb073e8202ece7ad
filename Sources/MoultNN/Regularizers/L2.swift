import MoultCore

/// A penalty proportional to the sum of squares. It drives weights towards 0 in proportion to their size.
///
///     penalty = strength · Σ w²
///
/// - Shapes: any -> `[]`.
/// - Gradient: `dw = 2 · strength · w`.
/// - Complexity: O(*n*) time.
/// - Note: With `SGD`, the optimizer's `weightDecay: 2 * strength` has the same effect on the same parameters at no
///   cost.
/// - Source:
///   [Krogh and Hertz 1991](https://proceedings.neurips.cc/paper/1991/hash/8eefcfdf5990e441f0fb6f3fad709e21-Abstract.html),
///   in the form of `keras.regularizers.L2`.
public struct L2: Regularizer {
  /// The factor of the sum of squares.
  public let strength: Double

  /// Makes the regularizer.
  ///
  /// - Parameter strength: The factor of the sum of squares, at least 0.
  public init(_ strength: Double) {
    requireStrength(strength, "L2")
    self.strength = strength
  }

  /// Returns the penalty on one tensor, a scalar.
  public func callAsFunction(_ weight: Tensor) -> Tensor { (weight * weight).sum() * strength }
}
