extension Tensor {
  /// The elements converted to another type: integers are clamped, fractions cut off, `bool` is "not zero".
  ///
  /// - Gradient: `dx = dy`, converted back, between floating-point types; none flows through integers.
  /// - Complexity: O(*n*).
  public func cast(to target: DType) -> Tensor {
    guard target != dtype else { return self }
    func convert<S: TensorScalar>(_ type: S.Type) -> Tensor { Tensor(detached().scalars(as: S.self), shape: shape) }
    let result = target.withScalarType { convert($0) }
    guard dtype.isFloatingPoint && target.isFloatingPoint else { return result }
    let source = dtype
    return result.recorded("cast", from: self) { [$0.cast(to: source)] }
  }
}
