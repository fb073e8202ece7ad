extension NDArray {
  /// Returns the elements converted to the dtype `target`: integers are clamped to its range, fractions are truncated
  /// towards zero, and Bool is true for all numbers except 0.
  package func cast(to target: DType) -> NDArray {
    guard target != dtype else { return self }
    func convert<S: TensorScalar>(_ type: S.Type) -> NDArray { NDArray(scalars(as: S.self), shape: shape) }
    return target.withScalarType { convert($0) }
  }
}
