import Synchronization

/// A pool of freed buffers that are kept for reuse, by size class. A training loop then allocates no new memory from
/// the system after its first steps, and avoids fresh pages, whose first use takes five times as long as writing to
/// them.
package enum StoragePool {
  static let alignment = 64

  /// A free buffer.
  private struct Cached {
    let address: UInt
    /// The number of frees up to and including its own: the smaller it is, the longer ago the buffer was freed.
    let age: UInt64
  }

  /// The free buffers of each size class, oldest first.
  private struct FreeLists {
    var buffers: [[Cached]] = Array(repeating: [], count: sizeClassCount)
    var cachedBytes = 0
    var limit = 1 << 30
    var frees: UInt64 = 0
    var freshAllocations = 0

    /// Removes the buffers that were freed longest ago until `capacity` more bytes fit below the limit. Returns their
    /// addresses.
    mutating func evict(toFit capacity: Int) -> [UInt] {
      var evicted: [UInt] = []
      while cachedBytes + capacity > limit {
        let oldest = buffers.indices.filter { !buffers[$0].isEmpty }.min { buffers[$0][0].age < buffers[$1][0].age }
        guard let oldest else { break }
        evicted.append(buffers[oldest].removeFirst().address)
        cachedBytes -= StoragePool.capacity(ofClass: oldest)
      }
      return evicted
    }
  }

  private static let lists = Mutex(FreeLists())
  private static let sizeClassCount = 4 * 49

  /// Returns the size class for a buffer of `bytes` bytes, and the capacity of buffers of that class in bytes.
  ///
  /// There are four size classes for each power of two: less than a fifth of a buffer is unused, except of buffers
  /// below 256 bytes, which take 256.
  package static func sizeClass(_ bytes: Int) -> (index: Int, capacity: Int) {
    let wanted = max(bytes, 256)
    let power = Int.bitWidth - 1 - (wanted - 1).leadingZeroBitCount
    let quarter = 1 << (power - 2)
    let steps = (wanted - (1 << power) + quarter - 1) / quarter
    return (4 * power + steps, (1 << power) + steps * quarter)
  }

  private static func capacity(ofClass index: Int) -> Int {
    let power = index / 4
    return (1 << power) + index % 4 * (1 << (power - 2))
  }

  static func allocate(atLeast bytes: Int) -> (pointer: UnsafeMutableRawPointer, capacity: Int) {
    let (index, capacity) = sizeClass(bytes)
    let found = lists.withLock { lists -> UInt? in
      guard let buffer = lists.buffers[index].popLast() else {
        lists.freshAllocations += 1
        return nil
      }
      lists.cachedBytes -= capacity
      return buffer.address
    }
    if let found, let pointer = UnsafeMutableRawPointer(bitPattern: found) { return (pointer, capacity) }
    return (.allocate(byteCount: capacity, alignment: alignment), capacity)
  }

  static func free(_ pointer: UnsafeMutableRawPointer, capacity: Int) {
    let address = UInt(bitPattern: pointer)
    let evicted = lists.withLock { lists -> [UInt] in
      guard capacity <= lists.limit else { return [address] }
      let evicted = lists.evict(toFit: capacity)
      lists.frees += 1
      lists.cachedBytes += capacity
      lists.buffers[sizeClass(capacity).index].append(Cached(address: address, age: lists.frees))
      return evicted
    }
    for address in evicted { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
  }

  /// The number of buffers that were allocated from the system since the program began.
  package static var freshAllocations: Int { lists.withLock { $0.freshAllocations } }

  /// The number of bytes of freed buffers that are kept for reuse.
  package static var cachedBytes: Int { lists.withLock { $0.cachedBytes } }

  fileprivate static var limit: Int {
    get { lists.withLock { $0.limit } }
    set {
      let evicted = lists.withLock { lists in
        lists.limit = newValue
        return lists.evict(toFit: 0)
      }
      for address in evicted { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
    }
  }
}

/// The greatest number of bytes of freed tensor buffers that are kept for reuse: 1 GiB unless it was set. Above this
/// limit the buffers that were freed longest ago go back to the system.
public var bufferCacheLimit: Int { StoragePool.limit }

/// Sets the greatest number of bytes of freed tensor buffers that are kept for reuse, from now on.
///
/// - Parameter bytes: The limit in bytes: 0 keeps none, and a negative number stops the program.
/// - Complexity: O(*n*) in the number of buffers that are given back to the system.
public func setBufferCacheLimit(_ bytes: Int) {
  require(bytes >= 0, "setBufferCacheLimit: expected 0 or more bytes, got \(bytes)")
  StoragePool.limit = bytes
}
