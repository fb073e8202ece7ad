extension Tensor {
  /// Returns the elements converted to another dtype. For integers they are truncated towards zero and clamped to the
  /// range; for `bool` they are true if they are not 0.
  ///
  /// - Gradient: `dx = dy`, converted back, between floating-point dtypes; there is none through integers and `bool`.
  /// - Complexity: O(*n*).
  public func cast(to target: DType) -> Tensor {
    guard target != dtype else { return self }
    let result = values.cast(to: target)
    guard dtype.isFloatingPoint && target.isFloatingPoint else {
      return result.withoutHistory("cast", ["dtype": .text("\(target)")], from: [self])
    }
    let source = dtype
    return result.recorded("cast", ["dtype": .text("\(target)")], from: self) { $0.cast(to: source) }
  }
}
