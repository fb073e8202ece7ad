extension Tensor {
  /// Returns the elements converted to another dtype. For integers they are truncated towards zero and clamped to the
  /// range; for `bool` they are true if they are not 0. For floating point they are rounded to the nearest number, to
  /// even if they lie in the middle.
  ///
  /// - Gradient: `dx = dy`, converted back, between `float32` and `float64`; there is none through other dtypes.
  /// - Complexity: O(*n*).
  public func cast(to target: DType) -> Tensor {
    guard target != dtype else { return self }
    let result = values.cast(to: target)
    guard dtype.supportsGradients && target.supportsGradients else {
      return result.withoutHistory("cast", ["dtype": .text("\(target)")], from: [self])
    }
    let source = dtype
    return result.recorded("cast", ["dtype": .text("\(target)")], from: self) { $0.cast(to: source) }
  }
}
