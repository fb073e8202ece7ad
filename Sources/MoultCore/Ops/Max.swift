extension Tensor {
  /// Returns the largest of all elements, a tensor of rank 0.
  ///
  ///     y = max x[i]
  ///
  /// - Gradient: `dy` at the first of the largest elements, zero elsewhere.
  /// - Edge cases: a NaN anywhere gives NaN; stops the program if there are no elements.
  /// - Complexity: O(*n*).
  public func max() -> Tensor { extremum(axis: nil, keepingDimensions: false, largest: true, "max") }

  /// Returns the largest elements along `axis`, with gradient and edge cases like ``max()``.
  ///
  /// - Parameters:
  ///   - axis: the axis to reduce, counted from the end if negative.
  ///   - keepingDimensions: whether the axis stays in the shape with extent 1.
  /// - Complexity: O(*n*).
  public func max(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    extremum(axis: axis, keepingDimensions: keepingDimensions, largest: true, "max")
  }

  /// Returns the smallest of all elements, a tensor of rank 0, with gradient and edge cases like ``max()``.
  public func min() -> Tensor { extremum(axis: nil, keepingDimensions: false, largest: false, "min") }

  /// Returns the smallest elements along `axis`, with gradient and edge cases like ``max()``.
  ///
  /// - Parameters:
  ///   - axis: the axis to reduce, counted from the end if negative.
  ///   - keepingDimensions: whether the axis stays in the shape with extent 1.
  /// - Complexity: O(*n*).
  public func min(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    extremum(axis: axis, keepingDimensions: keepingDimensions, largest: false, "min")
  }

  /// Returns the largest or smallest elements along `axis`, or of all elements if it is nil. They are gathered at their
  /// positions, so that the gradient is that of ``gather(_:_:axis:)``.
  private func extremum(axis: Int?, keepingDimensions: Bool, largest: Bool, _ caller: StaticString) -> Tensor {
    requireFloatingPoint("\(caller)")
    guard let axis else { return reshaped([-1]).extremum(axis: 0, keepingDimensions: false, largest: largest, caller) }
    let resolved = Shape.axis(axis, rank: rank, "\(caller)")
    let at = indexOfExtremum(axis: resolved, largest: largest, "\(caller)")
      .withoutHistory(largest ? "argmax" : "argmin", ["axis": .int(resolved)], from: [self])
      .unsqueezed(axis: resolved)
    let values = gather(self, at, axis: resolved)
    return keepingDimensions ? values : values.squeezed(axis: resolved)
  }
}
