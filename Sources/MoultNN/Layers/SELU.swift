import MoultCore

/// The scaled exponential linear unit as a layer, for `Sequential`; use `AlphaDropout` after it.
///
///     y[i] = x[i] > 0 ? λ x[i] : λ α (exp(x[i]) - 1),   λ = 1.0507009873554805, α = 1.6732632423543772
///
/// - Shapes: `x: [...]` -> `[...]`.
/// - Gradient: `dx[i] = x[i] > 0 ? λ dy[i] : λ α exp(x[i]) dy[i]`.
/// - Source: [Klambauer et al. 2017](https://arxiv.org/abs/1706.02515).
public struct SELU: Module {
  /// Makes the layer.
  public init() {}

  /// Applies the layer.
  ///
  /// - Parameter x: The input, of any shape and a floating-point type.
  /// - Returns: `selu(x)`.
  public func callAsFunction(_ x: Tensor) -> Tensor { selu(x) }
}
