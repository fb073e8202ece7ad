extension Tensor {
  /// Returns the position of the largest element along `axis`. Of equal elements the first counts; NaN counts as the
  /// largest.
  ///
  /// - Parameter axis: the axis to search, counted from the end if negative.
  /// - Shapes: any -> the shape without `axis`; Int64. There is no gradient.
  /// - Edge cases: stops the program if the axis is empty.
  /// - Complexity: O(*n*).
  public func argmax(axis: Int = -1) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, "argmax")
    return indexOfExtremum(axis: axis, largest: true, "argmax")
      .withoutHistory("argmax", ["axis": .int(axis)], from: [self])
  }

  /// Returns the position of the largest or smallest element along `axis`. Stops the program if the axis is empty.
  func indexOfExtremum(axis: Int, largest: Bool, _ caller: @autoclosure () -> String) -> NDArray {
    require(shape[axis] > 0, "\(caller()): axis \(axis) of \(shape) is empty and has no largest element")
    return values.indexOfExtremum(axis: axis, largest: largest)
  }
}
