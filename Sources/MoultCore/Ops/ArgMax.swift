extension Tensor {
  /// The position of the largest element along `axis`, the first of several; NaN counts as largest.
  ///
  /// - Shapes: the shape without `axis`; Int64. No gradient flows.
  /// - Complexity: O(*n*).
  public func argmax(axis: Int = -1) -> Tensor {
    Tensor(indexOfExtremum(axis: Shape.axis(axis, rank: rank, "argmax"), largest: true, "argmax"))
  }

  /// The position of the largest or smallest element; stops the program if the axis is empty.
  func indexOfExtremum(axis: Int, largest: Bool, _ caller: @autoclosure () -> String) -> NDArray {
    require(shape[axis] > 0, "\(caller()): axis \(axis) of \(shape) is empty and has no largest element")
    return values.indexOfExtremum(axis: axis, largest: largest)
  }
}
