extension Tensor {
  /// Returns the product of the elements up to each position along `axis`.
  ///
  ///     y[i] = x[0] ⋯ x[i],   dx[k] = Σ_{i >= k} dy[i] · Π_{j <= i, j != k} x[j]
  ///
  /// - Parameter axis: the axis to multiply along, counted from the end if negative.
  /// - Shapes: any of rank 1 or more -> the same shape; floating point.
  /// - Edge cases: the gradient is exact also where elements are zero.
  /// - Complexity: O(*n*), forward and backward. Products are kept in Double.
  public func cumprod(axis: Int) -> Tensor {
    requireFloatingPoint("cumprod")
    let axis = Shape.axis(axis, rank: rank, "cumprod"), input = values
    return input.scanned(.product, axis: axis).recorded("cumprod", ["axis": .int(axis)], from: self) { gradient in
      input.cumulativeProductGradient(gradient, axis: axis)
    }
  }
}
