extension Tensor {
  /// Returns a view of shape `shape`, in which axes of extent 1 and new leading axes repeat, as NumPy's `broadcast_to`.
  ///
  /// - Gradient: `dy` summed along the repeated axes.
  /// - Edge cases: stops the program if this tensor does not broadcast to `shape`.
  /// - Complexity: O(1).
  public func broadcast(to shape: [Int]) -> Tensor {
    require(
      Shape.broadcast(self.shape, shape) == shape,
      "broadcast(to:): \(self.shape) does not broadcast to \(shape); axes must be equal or 1")
    _ = Shape.count(shape, "broadcast(to:)")
    let source = self.shape
    return values.broadcast(to: shape).recorded("broadcast", ["shape": .ints(shape)], from: self) {
      $0.summed(to: source)
    }
  }

  /// Returns a view with a new axis of extent 1.
  ///
  /// - Parameter axis: the position of the new axis in the result, in `0...rank`; a negative one counts from the end.
  public func unsqueezed(axis: Int) -> Tensor {
    let axis = Shape.axis(axis, rank: rank + 1, "unsqueezed"), source = shape
    return values.unsqueezed(axis: axis).recorded("unsqueezed", ["axis": .int(axis)], from: self) {
      $0.reshaped(source)
    }
  }

  /// Returns a view without an axis of extent 1. Stops the program if the axis has another extent.
  ///
  /// - Parameter axis: the axis to remove, counted from the end if negative.
  public func squeezed(axis: Int) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, "squeezed"), source = shape
    require(shape[axis] == 1, "squeezed: axis \(axis) of \(shape) has extent \(shape[axis]), expected 1")
    return values.squeezed(axis: axis).recorded("squeezed", ["axis": .int(axis)], from: self) { $0.reshaped(source) }
  }
}
