extension NDArray {
  /// The elements converted to another type.
  package func cast(to target: DType) -> NDArray {
    guard target != dtype else { return self }
    func convert<S: TensorScalar>(_ type: S.Type) -> NDArray { NDArray(scalars(as: S.self), shape: shape) }
    return target.withScalarType { convert($0) }
  }
}
