import MoultCore

/// A memory layout of a tensor. Tests use several layouts to find code that ignores strides or offsets.
public enum Layout: CaseIterable, Sendable {
  /// Elements in row-major order without gaps.
  case contiguous
  /// Elements at every second position of a buffer, from position 1 on. The other positions hold NaN, or 77 in integer
  /// tensors.
  case spread
  /// Elements in column-major order.
  case transposed

  /// Returns `x` in this layout, without its history.
  public func of(_ x: Tensor) -> Tensor {
    let x = x.detached()
    switch self {
    case .contiguous: return x.contiguous()
    case .spread:
      let waste = Tensor.full(x.shape, x.dtype.isFloatingPoint ? .nan : 77, dtype: x.dtype)
      return stack([waste, x], axis: x.rank).sliced(axis: x.rank, 1..<2).squeezed(axis: x.rank)
    case .transposed:
      let reversed = Array((0..<x.rank).reversed())
      return x.permuted(reversed).contiguous().permuted(reversed)
    }
  }
}

/// Shapes that reveal missing cases: rank 0, extents of 0 and 1, odd extents, and rows longer than a SIMD vector.
public let awkwardShapes: [[Int]] = [[], [0], [1], [7], [3, 0, 2], [1, 1], [3, 5], [2, 1, 3], [2, 3, 17]]

/// Pairs of shapes that broadcast together.
public let broadcastPairs: [([Int], [Int])] = [
  ([3, 4], [3, 4]), ([3, 4], [4]), ([4], [3, 4]), ([3, 1], [1, 4]), ([1, 4], [3, 1]), ([], [2, 3]), ([2, 3], []),
  ([], []),
  ([1], [1]), ([1, 1], [2, 2]), ([0, 3], [1, 3]), ([3, 0], [1]), ([2, 1, 3], [5, 1]), ([5], [2, 3, 5]),
  ([3, 1, 17], [2, 17]),
]

/// Returns random numbers in `range`, the same for equal arguments in every run.
public func samples(
  _ shape: [Int], in range: Range<Double> = -2..<2, dtype: DType = .float64, seed: UInt64 = 1
) -> Tensor {
  Tensor.randomUniform(shape, in: range, dtype: dtype, seed: seed)
}
