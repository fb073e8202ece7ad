extension NDArray {
  /// Returns the elements converted to the dtype `target`: integers are clamped to its range, fractions are truncated
  /// towards zero, and Bool is true for all numbers except 0.
  package func cast(to target: DType) -> NDArray {
    guard target != dtype else { return self }
    if dtype.isHalfPrecision, target == .float32 { return widened() }
    func convert<S: TensorScalar>(_ type: S.Type) -> NDArray { NDArray(scalars(as: S.self), shape: shape) }
    return target.withScalarType { convert($0) }
  }

  /// Returns the 16-bit elements as Float32, with the bits of each NaN.
  private func widened() -> NDArray {
    let source = contiguous(), result = Storage(count: count, dtype: .float32)
    let to = result.pointer(as: Float.self)
    func convert<S: TensorScalar>(_ type: S.Type, _ float: (S) -> Float) {
      let from = source.pointer(as: S.self)
      parallelFor(count, elements: 1) { range in
        for i in range { to[i] = float(from[i]) }
      }
    }
    if dtype == .float16 { convert(Half.self) { $0.float } } else { convert(BrainHalf.self) { $0.float } }
    withExtendedLifetime(source) {}
    return NDArray(storage: result, shape: shape)
  }
}
