extension Tensor {
  /// Returns the position of the smallest element along `axis`. Of equal elements the first counts; NaN counts as the
  /// smallest.
  ///
  /// - Parameter axis: the axis to search, counted from the end if negative.
  /// - Shapes: any -> the shape without `axis`; Int64. There is no gradient.
  /// - Edge cases: stops the program if the axis is empty.
  /// - Complexity: O(*n*).
  public func argmin(axis: Int = -1) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, "argmin")
    return indexOfExtremum(axis: axis, largest: false, "argmin")
      .withoutHistory("argmin", ["axis": .int(axis)], from: [self])
  }
}
