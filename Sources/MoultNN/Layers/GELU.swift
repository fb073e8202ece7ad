import MoultCore

/// The Gaussian error linear unit as a layer, for `Sequential`.
///
///     y[i] = x[i] · Φ(x[i])
///
/// Φ is the distribution function of the standard normal distribution, and φ its density.
///
/// - Shapes: `x: [...]` -> `[...]`.
/// - Gradient: `dx[i] = dy[i] · (Φ(x[i]) + x[i] · φ(x[i]))`.
/// - Source: [Hendrycks and Gimpel 2016](https://arxiv.org/abs/1606.08415).
public struct GELU: Module {
  /// Makes the layer.
  public init() {}

  /// Applies the layer.
  ///
  /// - Parameter x: The input, of any shape and a floating-point type.
  /// - Returns: `gelu(x)`.
  public func callAsFunction(_ x: Tensor) -> Tensor { gelu(x) }
}
