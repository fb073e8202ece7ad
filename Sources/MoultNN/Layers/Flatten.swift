import MoultCore

/// Makes one row of each sample, so that images fit a `Linear`.
///
/// - Shapes: `x: [N, ...]` -> `[N, D]`, D the product of the other axes.
/// - Gradient: `dy` in the shape of `x`.
public struct Flatten: Module {
  /// Makes the layer.
  public init() {}

  /// Applies the layer.
  ///
  /// - Parameter x: The input, of rank 1 at least.
  /// - Returns: `x` with all axes but the first merged.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    require(x.rank >= 1, "Flatten: expected x: [N, ...], got []; a scalar has no batch axis")
    return x.rank == 1 ? x.reshaped([x.count, 1]) : x.flattened(from: 1)
  }
}
