extension Tensor {
  /// Returns the mean of all elements, or the means along `axes`.
  ///
  ///     y = Σ x[i] / n,   dx[i] = dy / n
  ///
  /// - Parameters:
  ///   - axes: the axes to average, counted from the end if negative; nil for all axes.
  ///   - keepingDimensions: whether these axes stay in the shape with extent 1.
  /// - Edge cases: the mean of no elements is NaN.
  /// - Complexity: O(*n*).
  public func mean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    requireFloatingPoint("mean")
    let count = axes == nil ? count : Reduction(shape: shape, axes: axes, "mean").removedCount
    return sum(axes: axes, keepingDimensions: keepingDimensions) / Double(count)
  }

  /// Returns the means along one axis, counted from the end if negative; otherwise like
  /// ``mean(axes:keepingDimensions:)``.
  public func mean(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    mean(axes: [axis], keepingDimensions: keepingDimensions)
  }
}
