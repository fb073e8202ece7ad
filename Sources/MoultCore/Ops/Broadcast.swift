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
    return detached().expandedView(to: shape).recorded("broadcast", from: self) { [$0.summed(to: source)] }
  }

  /// A view with a new axis of extent 1 before `axis`.
  public func expanded(axis: Int) -> Tensor {
    let axis = Shape.axis(axis, rank: rank + 1, "expanded")
    var (shape, strides) = (shape, strides)
    shape.insert(1, at: axis)
    strides.insert(1, at: axis)
    return reviewed(shape, strides, "expanded")
  }

  /// A view without the axis `axis`, whose extent must be 1.
  public func squeezed(axis: Int) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, "squeezed")
    require(shape[axis] == 1, "squeezed: axis \(axis) of \(shape) has extent \(shape[axis]), expected 1")
    var (shape, strides) = (shape, strides)
    shape.remove(at: axis)
    strides.remove(at: axis)
    return reviewed(shape, strides, "squeezed")
  }

  private func reviewed(_ shape: [Int], _ strides: [Int], _ operation: StaticString) -> Tensor {
    let source = self.shape
    return Tensor(storage: storage, shape: shape, strides: strides, offset: offset)
      .recorded(operation, from: self) { [$0.view(source)] }
  }
}
