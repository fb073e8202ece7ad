extension NDArray {
  /// Writes the elements in row-major order to `destination`, whatever the memory layout.
  package func copyElements(to destination: UnsafeMutableRawPointer) {
    guard count > 0 else { return }
    if isContiguous {
      let bytes = dtype.byteCount
      destination.copyMemory(from: storage.pointer + offset * bytes, byteCount: count * bytes)
      return
    }
    switch dtype.byteCount {
    case 8: copyStrided(UInt64.self, to: destination)
    case 4: copyStrided(UInt32.self, to: destination)
    default: copyStrided(UInt8.self, to: destination)
    }
  }

  private func copyStrided<Bits>(_ type: Bits.Type, to destination: UnsafeMutableRawPointer) {
    let source = storage.pointer.assumingMemoryBound(to: Bits.self)
    let out = destination.assumingMemoryBound(to: Bits.self)
    let inner = shape[rank - 1], step = strides[rank - 1]
    var at = 0
    Strided.forEachRow(shape: shape, strides: strides) { start in
      var from = offset + start
      for _ in 0..<inner {
        out[at] = source[from]
        at += 1
        from += step
      }
    }
  }
}

/// Walks over everything but the last axis.
package enum Strided {
  /// Calls `body` with the element offset of each row (the last axis) in row-major order.
  @inline(__always)
  package static func forEachRow(shape: [Int], strides: [Int], _ body: (Int) -> Void) {
    forEachRow(shape: shape, strides, strides) { a, _ in body(a) }
  }

  /// The same for two tensors of one shape.
  @inline(__always)
  package static func forEachRow(shape: [Int], _ a: [Int], _ b: [Int], _ body: (Int, Int) -> Void) {
    guard !shape.contains(0) else { return }
    let outer = shape.count - 1
    guard outer > 0 else { return body(0, 0) }
    var index = [Int](repeating: 0, count: outer)
    var i = 0, j = 0
    while true {
      body(i, j)
      var axis = outer - 1
      while true {
        index[axis] += 1
        i += a[axis]
        j += b[axis]
        if index[axis] < shape[axis] { break }
        i -= a[axis] * shape[axis]
        j -= b[axis] * shape[axis]
        index[axis] = 0
        if axis == 0 { return }
        axis -= 1
      }
    }
  }
}
