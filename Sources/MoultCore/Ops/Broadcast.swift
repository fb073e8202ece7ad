extension Tensor {
  /// A view of a larger shape in which axes of extent 1, and new leading axes, repeat.
  ///
  /// - Gradient: `dy` added up along the repeated axes.
  /// - Complexity: O(1).
  public func broadcast(to shape: [Int]) -> Tensor {
    require(
      Shape.broadcast(self.shape, shape) == shape,
      "broadcast(to:): \(self.shape) does not broadcast to \(shape); axes must be equal or 1")
    _ = Shape.count(shape, "broadcast(to:)")
    let source = self.shape
    return values.broadcast(to: shape).recorded("broadcast", from: self) { $0.summed(to: source) }
  }

  /// A view with a new axis of extent 1 before `axis`.
  public func unsqueezed(axis: Int) -> Tensor {
    let axis = Shape.axis(axis, rank: rank + 1, "unsqueezed"), source = shape
    return values.unsqueezed(axis: axis).recorded("unsqueezed", from: self) { $0.reshaped(source) }
  }

  /// A view without the axis `axis`, whose extent must be 1.
  public func squeezed(axis: Int) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, "squeezed"), source = shape
    require(shape[axis] == 1, "squeezed: axis \(axis) of \(shape) has extent \(shape[axis]), expected 1")
    return values.squeezed(axis: axis).recorded("squeezed", from: self) { $0.reshaped(source) }
  }
}
