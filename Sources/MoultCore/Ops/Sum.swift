extension Tensor {
  /// Returns the sum of all elements, or the sums along `axes`.
  ///
  ///     y = Σ x[i],   dx[i] = dy
  ///
  /// - Parameters:
  ///   - axes: the axes to sum, counted from the end if negative; nil for all axes.
  ///   - keepingDimensions: whether these axes stay in the shape with extent 1.
  /// - Edge cases: the sum of no elements is 0.
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
    return result.recorded(
      "sum", ["axes": .ints(reduction.removed), "keepingDimensions": .bool(keepingDimensions)], from: self
    ) { gradient in
      gradient.reshaped(reduction.keptShape).broadcast(to: reduction.shape)
    }
  }

  /// Returns the sums along one axis, counted from the end if negative; otherwise like
  /// ``sum(axes:keepingDimensions:)``.
  public func sum(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    sum(axes: [axis], keepingDimensions: keepingDimensions)
  }
}
