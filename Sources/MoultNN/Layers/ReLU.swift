import MoultCore

/// The rectified linear unit as a layer, for `Sequential`.
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
  /// - Parameter x: The input, of any shape and a floating-point type.
  /// - Returns: `relu(x)`.
  public func callAsFunction(_ x: Tensor) -> Tensor { relu(x) }
}
