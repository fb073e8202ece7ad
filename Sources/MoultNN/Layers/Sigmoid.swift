import MoultCore

/// The logistic function as a layer, for `Sequential`.
///
///     y[i] = 1 / (1 + exp(-x[i]))
///
/// - Shapes: `x: [...]` -> `[...]`.
/// - Gradient: `dx[i] = dy[i] · y[i] · (1 - y[i])`.
public struct Sigmoid: Module {
  /// Makes the layer.
  public init() {}

  /// Applies the layer.
  ///
  /// - Parameter x: The input, of any shape and a floating-point type.
  /// - Returns: `sigmoid(x)`.
  public func callAsFunction(_ x: Tensor) -> Tensor { sigmoid(x) }
}
