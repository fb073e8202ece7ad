extension Tensor {
  /// The variance of all elements, or along `axes`.
  ///
  ///     y = Σ (x[i] - mean)^2 / (n - correction)
  ///
  /// - Parameter correction: 0 for the population's variance, 1 for the unbiased estimate from a sample.
  /// - Edge cases: NaN when `n` does not exceed `correction`.
  /// - Complexity: O(*n*), in two passes.
  public func variance(axes: [Int]? = nil, correction: Double = 0, keepingDimensions: Bool = false) -> Tensor {
    requireFloatingPoint("variance")
    let count = Double(Reduction(shape: shape, axes: axes, "variance").removedCount)
    let deviation = self - mean(axes: axes, keepingDimensions: true)
    let sum = (deviation * deviation).sum(axes: axes, keepingDimensions: keepingDimensions)
    return count > correction ? sum / (count - correction) : sum * .nan
  }

  /// The variance along one axis.
  public func variance(axis: Int, correction: Double = 0, keepingDimensions: Bool = false) -> Tensor {
    variance(axes: [axis], correction: correction, keepingDimensions: keepingDimensions)
  }
}
