extension Tensor {
  /// Returns the sum of the elements up to each position along `axis`.
  ///
  ///     y[i] = x[0] + … + x[i],   dx[i] = dy[i] + … + dy[n - 1]
  ///
  /// - Parameter axis: the axis to sum along, counted from the end if negative.
  /// - Shapes: any of rank 1 or more -> the same shape; floating point.
  /// - Complexity: O(*n*). Sums are kept in Double.
  public func cumsum(axis: Int) -> Tensor {
    requireFloatingPoint("cumsum")
    let axis = Shape.axis(axis, rank: rank, "cumsum")
    return values.scanned(.sum, axis: axis).recorded("cumsum", ["axis": .int(axis)], from: self) { gradient in
      gradient.scanned(.reversedSum, axis: axis)
    }
  }
}
