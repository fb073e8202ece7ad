import MoultCore

/// ReLU as a layer, for `Sequential`.
///
///     y[i] = max(x[i], 0)
///
/// - Shapes: `x: [...]` -> `[...]`.
/// - Gradient: `dx[i] = x[i] > 0 ? dy[i] : 0`.
public struct ReLU: Module {
  /// Makes the layer.
  public init() {}

  /// Applies the layer.
  ///
  /// - Parameter x: The input.
  /// - Returns: `relu(x)`.
  public func callAsFunction(_ x: Tensor) -> Tensor { relu(x) }
}
