import MoultCore

/// The hyperbolic tangent as a layer, for `Sequential`.
///
///     y[i] = tanh(x[i])
///
/// - Shapes: `x: [...]` -> `[...]`.
/// - Gradient: `dx[i] = dy[i] · (1 - y[i]²)`.
public struct Tanh: Module {
  /// Makes the layer.
  public init() {}

  /// Applies the layer.
  ///
  /// - Parameter x: The input, of any shape and a floating-point type.
  /// - Returns: `tanh(x)`.
  public func callAsFunction(_ x: Tensor) -> Tensor { tanh(x) }
}
