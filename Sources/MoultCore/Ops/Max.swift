extension Tensor {
  /// The largest of all elements.
  ///
  ///     y = max x[i];   dy goes to the first of the largest
  ///
  /// - Edge cases: a NaN anywhere gives NaN; stops the program when there are no elements.
  /// - Complexity: O(*n*).
  public func max() -> Tensor { extremum(axis: nil, keepingDimensions: false, largest: true, "max") }

  /// The largest along an axis.
  public func max(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    extremum(axis: axis, keepingDimensions: keepingDimensions, largest: true, "max")
  }

  /// The smallest of all elements; otherwise as ``max()``.
  public func min() -> Tensor { extremum(axis: nil, keepingDimensions: false, largest: false, "min") }

  /// The smallest along an axis.
  public func min(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    extremum(axis: axis, keepingDimensions: keepingDimensions, largest: false, "min")
  }

  /// Takes the elements at the positions of the extrema: its gradient is that of ``gather(_:_:axis:)``.
  private func extremum(axis: Int?, keepingDimensions: Bool, largest: Bool, _ caller: StaticString) -> Tensor {
    requireFloatingPoint("\(caller)")
    guard let axis else { return reshaped([-1]).extremum(axis: 0, keepingDimensions: false, largest: largest, caller) }
    let resolved = Shape.axis(axis, rank: rank, "\(caller)")
    let at = Tensor(indexOfExtremum(axis: resolved, largest: largest, "\(caller)").unsqueezed(axis: resolved))
    let values = gather(self, at, axis: resolved)
    return keepingDimensions ? values : values.squeezed(axis: resolved)
  }
}
