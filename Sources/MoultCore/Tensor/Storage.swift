import Synchronization

/// A pooled, 64-byte aligned buffer of elements. Tensors share it; nobody writes to it once a tensor holds it, except
/// an optimizer that holds the only reference.
package final class Storage: @unchecked Sendable {
  package let dtype: DType
  package let count: Int
  private var memory: (pointer: UnsafeMutableRawPointer, capacity: Int)?
  /// What fills the buffer when somebody first looks; nil for a buffer like any other.
  let deferred: DeferredElements?

  /// A buffer whose contents are not set.
  package init(count: Int, dtype: DType) {
    self.count = count
    self.dtype = dtype
    deferred = nil
    memory = StoragePool.take(atLeast: Self.bytes(count, dtype))
  }

  /// A Float32 buffer that takes no memory until somebody looks.
  init(count: Int, deferred: DeferredElements) {
    self.count = count
    dtype = .float32
    self.deferred = deferred
    _ = Self.bytes(count, dtype)
  }

  /// What the elements take; stops the program if no machine has as much.
  private static func bytes(_ count: Int, _ dtype: DType) -> Int {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: dtype.byteCount)
    require(count >= 0 && !overflow && bytes < 1 << 47, "Tensor: \(count) elements of \(dtype) do not fit in memory")
    return bytes
  }

  deinit {
    if let memory { StoragePool.give(memory.pointer, capacity: memory.capacity) }
  }

  /// The elements, computed first if they are not yet.
  package var pointer: UnsafeMutableRawPointer {
    if let deferred {
      deferred.fill { result in
        let memory = StoragePool.take(atLeast: Self.bytes(count, dtype))
        self.memory = memory
        result(memory.pointer.assumingMemoryBound(to: Float.self))
      }
    }
    return memory.unsafelyUnwrapped.pointer
  }

  package func pointer<S: TensorScalar>(as type: S.Type) -> UnsafeMutablePointer<S> {
    pointer.assumingMemoryBound(to: S.self)
  }
}

/// Buffers that tensors gave back, by size class: a steady training loop takes nothing from the system, and fresh
/// pages, which cost five times what writing them costs, are touched once.
package enum StoragePool {
  static let alignment = 64
  /// When more bytes than this would rest, all go back to the system: nobody asks for the old sizes any more.
  static let limit = 1 << 30

  /// Addresses of resting buffers, one list a size class.
  private struct Shelves {
    var free: [[UInt]] = Array(repeating: [], count: 4 * 49)
    var bytesAtRest = 0
    var fresh = 0
  }

  private static let shelves = Mutex(Shelves())

  /// Four size classes per power of two: at most a quarter of a buffer is unused.
  package static func sizeClass(_ bytes: Int) -> (index: Int, capacity: Int) {
    let wanted = max(bytes, 256)
    let power = Int.bitWidth - 1 - (wanted - 1).leadingZeroBitCount
    let quarter = 1 << (power - 2)
    let steps = (wanted - (1 << power) + quarter - 1) / quarter
    return (4 * power + steps, (1 << power) + steps * quarter)
  }

  static func take(atLeast bytes: Int) -> (pointer: UnsafeMutableRawPointer, capacity: Int) {
    let (index, capacity) = sizeClass(bytes)
    let found = shelves.withLock { shelves -> UInt? in
      guard let address = shelves.free[index].popLast() else {
        shelves.fresh += 1
        return nil
      }
      shelves.bytesAtRest -= capacity
      return address
    }
    if let found, let pointer = UnsafeMutableRawPointer(bitPattern: found) { return (pointer, capacity) }
    return (.allocate(byteCount: capacity, alignment: alignment), capacity)
  }

  static func give(_ pointer: UnsafeMutableRawPointer, capacity: Int) {
    let address = UInt(bitPattern: pointer)
    let evicted = shelves.withLock { shelves -> [UInt] in
      var evicted: [UInt] = []
      if shelves.bytesAtRest + capacity > limit {
        evicted = shelves.free.flatMap { $0 }
        shelves.free = Array(repeating: [], count: shelves.free.count)
        shelves.bytesAtRest = 0
      }
      guard capacity <= limit else { return evicted + [address] }
      shelves.bytesAtRest += capacity
      shelves.free[sizeClass(capacity).index].append(address)
      return evicted
    }
    for address in evicted { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
  }

  /// How many buffers came from the system since the program began.
  package static var freshAllocations: Int { shelves.withLock { $0.fresh } }
}
