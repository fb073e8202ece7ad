import MoultCore

/// The Gaussian error linear unit as a layer, for `Sequential`.
///
///     y[i] = x[i] · Φ(x[i]),   Φ the distribution function of the standard normal
///
/// - Shapes: `x: [...]` -> `[...]`.
/// - Source: [Hendrycks and Gimpel 2016](https://arxiv.org/abs/1606.08415).
public struct GELU: Module {
  /// Makes the layer.
  public init() {}

  /// Applies the layer.
  ///
  /// - Parameter x: The input.
  /// - Returns: `gelu(x)`.
  public func callAsFunction(_ x: Tensor) -> Tensor { gelu(x) }
}
