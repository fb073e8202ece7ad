/// A 64-byte aligned buffer of elements, shared by arrays. Its elements never change once an array holds it, except by
/// an owner that holds the only reference.
package final class Storage: @unchecked Sendable {
  package let dtype: DType
  package let count: Int
  private var memory: (pointer: UnsafeMutableRawPointer, capacity: Int)?
  /// Computes the elements when they are first read; nil for a buffer that is filled by its owner.
  let pending: PendingElements?

  /// A buffer whose elements are not set.
  package init(count: Int, dtype: DType) {
    self.count = count
    self.dtype = dtype
    pending = nil
    memory = StoragePool.allocate(atLeast: Self.byteCount(count, dtype))
  }

  /// A Float32 buffer that takes no memory until its elements are read.
  init(count: Int, pending: PendingElements) {
    self.count = count
    dtype = .float32
    self.pending = pending
    _ = Self.byteCount(count, dtype)
  }

  /// The size of the elements; stops the program if no machine has as much memory.
  private static func byteCount(_ count: Int, _ dtype: DType) -> Int {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: dtype.byteCount)
    require(count >= 0 && !overflow && bytes < 1 << 47, "Tensor: \(count) elements of \(dtype) do not fit in memory")
    return bytes
  }

  deinit {
    if let memory { StoragePool.free(memory.pointer, capacity: memory.capacity) }
  }

  /// The elements; pending ones are computed first.
  package var pointer: UnsafeMutableRawPointer {
    if let pending, !pending.isComputed { pending.compute { allocatePending() } }
    return memory.unsafelyUnwrapped.pointer
  }

  package func pointer<S: TensorScalar>(as type: S.Type) -> UnsafeMutablePointer<S> {
    pointer.assumingMemoryBound(to: S.self)
  }

  /// Lets `body` compute pending elements as part of a later result. If they are computed already, or there are none,
  /// `body` gets nil.
  func withPendingElements(_ body: (UnsafeMutablePointer<Float>?) -> Void) {
    guard let pending else { return body(nil) }
    pending.compute(with: body) { allocatePending() }
  }

  private func allocatePending() -> UnsafeMutablePointer<Float> {
    let memory = StoragePool.allocate(atLeast: Self.byteCount(count, dtype))
    self.memory = memory
    return memory.pointer.assumingMemoryBound(to: Float.self)
  }
}
