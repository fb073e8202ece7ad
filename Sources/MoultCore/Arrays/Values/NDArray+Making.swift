extension NDArray {
  /// Makes an array of shape `shape` from its elements in row-major order. `scalars` must have as many elements as the
  /// shape.
  package init<S: TensorScalar>(_ scalars: [S], shape: [Int]) {
    let storage = Storage(count: scalars.count, dtype: S.dtype)
    scalars.withUnsafeBytes {
      if let base = $0.baseAddress { storage.pointer.copyMemory(from: base, byteCount: $0.count) }
    }
    self.init(storage: storage, shape: shape)
  }

  /// Returns an array of zeros.
  package static func zeros(_ shape: [Int], dtype: DType = .float32) -> NDArray { full(shape, 0, dtype: dtype) }

  /// Returns an array whose elements are all `value`, converted to `dtype`.
  package static func full(_ shape: [Int], _ value: Double, dtype: DType = .float32) -> NDArray {
    let storage = Storage(count: Shape.count(shape, "Tensor.full"), dtype: dtype)
    func fill<S: TensorScalar>(_ type: S.Type) {
      storage.pointer(as: S.self).update(repeating: S(converting: value), count: storage.count)
    }
    dtype.withScalarType { fill($0) }
    return NDArray(storage: storage, shape: shape)
  }

  /// Makes an array in new memory, whose bytes `body` must fill.
  package init(dtype: DType, shape: [Int], initializingBytes body: (UnsafeMutableRawBufferPointer) throws -> Void)
    rethrows
  {
    let storage = Storage(count: Shape.count(shape, "Tensor(dtype:shape:)"), dtype: dtype)
    try body(UnsafeMutableRawBufferPointer(start: storage.pointer, count: storage.count * dtype.byteCount))
    self.init(storage: storage, shape: shape)
  }
}
