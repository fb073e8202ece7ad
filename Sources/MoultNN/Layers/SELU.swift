import MoultCore

/// The scaled exponential linear unit as a layer, for `Sequential`; `AlphaDropout` belongs behind it.
///
///     y[i] = x[i] > 0 ? λ x[i] : λ α (exp(x[i]) - 1),   λ = 1.0507009873554805, α = 1.6732632423543772
///
/// - Shapes: `x: [...]` -> `[...]`.
/// - Source: [Klambauer et al. 2017](https://arxiv.org/abs/1706.02515).
public struct SELU: Module {
  /// Makes the layer.
  public init() {}

  /// Applies the layer.
  ///
  /// - Parameter x: The input.
  /// - Returns: `selu(x)`.
  public func callAsFunction(_ x: Tensor) -> Tensor { selu(x) }
}
