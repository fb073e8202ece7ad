/// A 64-byte aligned buffer of elements that arrays share. Its elements do not change once an array holds it, unless
/// the only owner changes them.
package final class Storage: @unchecked Sendable {
  package let dtype: DType
  package let count: Int
  private var memory: (pointer: UnsafeMutableRawPointer, capacity: Int)?
  /// The pending elements, which are computed when they are first read; nil for a buffer that its owner fills.
  let pending: PendingElements?

  /// Makes a buffer with uninitialized elements.
  package init(count: Int, dtype: DType) {
    self.count = count
    self.dtype = dtype
    pending = nil
    memory = StoragePool.allocate(atLeast: Self.byteCount(count, dtype))
  }

  /// Makes a Float32 buffer for pending elements, which allocates memory when the elements are first read.
  init(count: Int, pending: PendingElements) {
    self.count = count
    dtype = .float32
    self.pending = pending
    _ = Self.byteCount(count, dtype)
  }

  /// Returns the size of the elements in bytes. Stops the program if the count is negative or the size is 2^47 bytes or
  /// more.
  private static func byteCount(_ count: Int, _ dtype: DType) -> Int {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: dtype.byteCount)
    require(count >= 0 && !overflow && bytes < 1 << 47, "Tensor: \(count) elements of \(dtype) do not fit in memory")
    return bytes
  }

  deinit {
    if let memory { StoragePool.free(memory.pointer, capacity: memory.capacity) }
  }

  /// The address of the elements. Pending elements are computed first.
  package var pointer: UnsafeMutableRawPointer {
    if let pending, !pending.isComputed { pending.compute { allocatePending() } }
    return memory.unsafelyUnwrapped.pointer
  }

  package func pointer<S: TensorScalar>(as type: S.Type) -> UnsafeMutablePointer<S> {
    pointer.assumingMemoryBound(to: S.self)
  }

  /// Calls `body` with memory for the pending elements, which it must compute as part of a later result. If they are
  /// computed already, or if there are none, `body` gets nil.
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
