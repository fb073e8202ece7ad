extension Tensor {
  /// The mean of all elements, or along `axes`.
  ///
  ///     y = Σ x[i] / n,   dx[i] = dy / n
  ///
  /// - Edge cases: the mean of nothing is NaN.
  /// - Complexity: O(*n*).
  public func mean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    requireFloatingPoint("mean")
    let count = axes == nil ? count : Reduction(shape: shape, axes: axes, "mean").removedCount
    return sum(axes: axes, keepingDimensions: keepingDimensions) / Double(count)
  }

  /// The mean along one axis.
  public func mean(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    mean(axes: [axis], keepingDimensions: keepingDimensions)
  }
}
