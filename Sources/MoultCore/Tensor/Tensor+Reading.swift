extension Tensor {
  /// The elements in row-major order, converted to `S`: integers are clamped, fractions cut off, `Bool` is "not zero".
  ///
  /// - Complexity: O(*n*).
  public func scalars<S: TensorScalar>(as type: S.Type = S.self) -> [S] { values.scalars(as: type) }

  /// The only element, as a Float.
  ///
  /// Stops the program unless there is exactly one.
  public func item() -> Float { item(as: Float.self) }

  /// The only element.
  ///
  /// Stops the program unless there is exactly one.
  public func item<S: TensorScalar>(as type: S.Type) -> S {
    require(
      count == 1, "item(): expected a tensor of one element, got \(shape); reduce it first, e.g. with sum() or mean()")
    if S.dtype == dtype { return values.pointer(as: S.self).pointee }
    return scalars(as: S.self)[0]
  }

  /// Calls `body` with the elements' bytes in row-major order and host byte order.
  package func withContiguousBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try values.withContiguousBytes(body)
  }

  /// Whether shape, element type and every bit are those of `other`, NaN and the sign of zero included.
  package func hasBits(of other: Tensor) -> Bool { values.hasBits(of: other.values) }
}
