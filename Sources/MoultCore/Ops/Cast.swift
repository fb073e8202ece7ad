extension Tensor {
  /// The elements converted to another type: integers are clamped, fractions cut off, `bool` is "not zero".
  ///
  /// - Gradient: `dx = dy`, converted back, between floating-point types; none flows through integers.
  /// - Complexity: O(*n*).
  public func cast(to target: DType) -> Tensor {
    guard target != dtype else { return self }
    let result = values.cast(to: target)
    guard dtype.isFloatingPoint && target.isFloatingPoint else { return Tensor(result) }
    let source = dtype
    return result.recorded("cast", from: self) { $0.cast(to: source) }
  }
}
