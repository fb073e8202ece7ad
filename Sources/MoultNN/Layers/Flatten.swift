import MoultCore

/// Reshapes each sample to one row, so that images can be the input of a `Linear`.
///
/// - Shapes: `x: [N, ...]` -> `[N, D]`, where D is the product of all axes but the first.
/// - Gradient: `dx = dy`, in the shape of `x`.
public struct Flatten: Module {
  /// Makes the layer.
  public init() {}

  /// Applies the layer.
  ///
  /// - Parameter x: The input, `[N, ...]`, of rank 1 or more.
  /// - Returns: `x` with all axes but the first merged, `[N, D]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(x.rank >= 1, "Flatten: expected x: [N, ...], got []; a scalar has no batch axis")
    return x.rank == 1 ? x.reshaped([x.count, 1]) : x.flattened(from: 1)
  }
}
