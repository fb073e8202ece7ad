extension Tensor {
  /// The sum of all elements, or along `axes`.
  ///
  ///     y = Σ x[i],   dx[i] = dy
  ///
  /// - Parameters:
  ///   - axes: the axes to add up, negative ones counted from the last; all of them when nil.
  ///   - keepingDimensions: leaves those axes in the shape with extent 1.
  /// - Edge cases: an empty sum is 0.
  /// - Complexity: O(*n*). The order of additions is fixed: it depends on the shape alone.
  public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    requireFloatingPoint("sum")
    if axes == nil, !keepingDimensions {
      let shape = shape
      return values.total().recorded("sum", from: self) { gradient in gradient.broadcast(to: shape) }
    }
    let reduction = Reduction(shape: shape, axes: axes, "sum")
    let total = reduction.sum(values)
    let result = keepingDimensions ? total.reshaped(reduction.keptShape) : total
    return result.recorded("sum", from: self) { gradient in
      gradient.reshaped(reduction.keptShape).broadcast(to: reduction.shape)
    }
  }

  /// The sum along one axis.
  public func sum(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    sum(axes: [axis], keepingDimensions: keepingDimensions)
  }
}
