extension NDArray {
  /// Returns the elements in row-major order, converted to `S`: integers are clamped to its range, fractions are
  /// truncated towards zero, and Bool is true for all numbers except 0.
  package func scalars<S: TensorScalar>(as type: S.Type = S.self) -> [S] {
    if S.dtype == dtype {
      return [S](unsafeUninitializedCapacity: count) { buffer, initialized in
        if let base = buffer.baseAddress { copyElements(to: UnsafeMutableRawPointer(base)) }
        initialized = count
      }
    }
    let source = contiguous()
    func convert<T: TensorScalar>(_ from: T.Type) -> [S] {
      withExtendedLifetime(source) {
        let elements = UnsafeBufferPointer(start: source.pointer(as: T.self), count: count)
        return dtype.isFloatingPoint
          ? elements.map { S(converting: $0.asDouble) } : elements.map { S(converting: $0.asInt64) }
      }
    }
    return dtype.withScalarType { convert($0) }
  }

  /// Calls `body` with the bytes of the elements, in row-major order and host byte order.
  package func withContiguousBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    let source = contiguous()
    let start = source.storage.pointer + source.offset * dtype.byteCount
    return try withExtendedLifetime(source) {
      try body(UnsafeRawBufferPointer(start: start, count: count * dtype.byteCount))
    }
  }

  /// Returns whether this array and `other` have the same shape, dtype and bits: 0 and -0 differ, and NaN equals a NaN
  /// with the same bits.
  package func hasBits(of other: NDArray) -> Bool {
    guard shape == other.shape, dtype == other.dtype else { return false }
    return withContiguousBytes { bytes in other.withContiguousBytes { bytes.elementsEqual($0) } }
  }
}
