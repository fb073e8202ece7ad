import MoultCore

/// Ways to lay the same elements out in memory, for finding code that forgets strides or offsets.
public enum Layout: CaseIterable, Sendable {
  /// One after the other.
  case contiguous
  /// Every second place of a buffer whose other places hold NaN, beginning at place 1.
  case spread
  /// In column-major order.
  case transposed

  /// `x` in this layout, without its history.
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

/// Shapes that find forgotten cases: rank 0, extents 0 and 1, odd, longer than a vector.
public let awkwardShapes: [[Int]] = [[], [0], [1], [7], [3, 0, 2], [1, 1], [3, 5], [2, 1, 3], [2, 3, 17]]

/// Pairs of shapes that broadcast together.
public let broadcastPairs: [([Int], [Int])] = [
  ([3, 4], [3, 4]), ([3, 4], [4]), ([4], [3, 4]), ([3, 1], [1, 4]), ([1, 4], [3, 1]), ([], [2, 3]), ([2, 3], []),
  ([], []),
  ([1], [1]), ([1, 1], [2, 2]), ([0, 3], [1, 3]), ([3, 0], [1]), ([2, 1, 3], [5, 1]), ([5], [2, 3, 5]),
  ([3, 1, 17], [2, 17]),
]

/// Numbers in `range` that are the same every time.
public func samples(
  _ shape: [Int], in range: Range<Double> = -2..<2, dtype: DType = .float64, seed: UInt64 = 1
) -> Tensor {
  Tensor.randomUniform(shape, in: range, dtype: dtype, seed: seed)
}
