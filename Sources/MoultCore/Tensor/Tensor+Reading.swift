extension Tensor {
  /// Returns the elements in row-major order, converted to `S`: integers are clamped to its range, fractions are
  /// truncated towards zero, and Bool is true for all numbers except 0.
  ///
  /// - Complexity: O(*n*).
  public func scalars<S: TensorScalar>(as type: S.Type = S.self) -> [S] { values.scalars(as: type) }

  /// Returns the only element as a Float.
  ///
  /// Stops the program unless there is exactly one element.
  public func item() -> Float { item(as: Float.self) }

  /// Returns the only element, converted to `type`.
  ///
  /// Stops the program unless there is exactly one element.
  public func item<S: TensorScalar>(as type: S.Type) -> S {
    require(
      count == 1, "item(): expected a tensor of one element, got \(shape); reduce it first, e.g. with sum() or mean()")
    if S.dtype == dtype { return values.pointer(as: S.self).pointee }
    return scalars(as: S.self)[0]
  }

  /// Calls `body` with the bytes of the elements, in row-major order and host byte order.
  package func withContiguousBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try values.withContiguousBytes(body)
  }

  /// Returns whether this tensor and `other` have the same shape, dtype and bits: 0 and -0 differ, and NaN equals a NaN
  /// with the same bits.
  package func hasBits(of other: Tensor) -> Bool { values.hasBits(of: other.values) }
}
