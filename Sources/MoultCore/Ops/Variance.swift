extension Tensor {
  /// Returns the variance of all elements, or the variances along `axes`.
  ///
  ///     y = Σ (x[i] - mean)^2 / (n - correction)
  ///
  /// - Parameters:
  ///   - axes: the axes to reduce, counted from the end if negative; nil for all axes.
  ///   - correction: 0 for the variance of a population, 1 for the unbiased estimate from a sample.
  ///   - keepingDimensions: whether these axes stay in the shape with extent 1.
  /// - Edge cases: NaN if `n` does not exceed `correction`.
  /// - Complexity: O(*n*), in two passes over the elements.
  public func variance(axes: [Int]? = nil, correction: Double = 0, keepingDimensions: Bool = false) -> Tensor {
    requireFloatingPoint("variance")
    let count = Double(Reduction(shape: shape, axes: axes, "variance").removedCount)
    let deviation = self - mean(axes: axes, keepingDimensions: true)
    let sum = (deviation * deviation).sum(axes: axes, keepingDimensions: keepingDimensions)
    return count > correction ? sum / (count - correction) : sum * .nan
  }

  /// Returns the variances along one axis, counted from the end if negative; otherwise like
  /// ``variance(axes:correction:keepingDimensions:)``.
  public func variance(axis: Int, correction: Double = 0, keepingDimensions: Bool = false) -> Tensor {
    variance(axes: [axis], correction: correction, keepingDimensions: keepingDimensions)
  }
}
