extension NDArray {
  /// Writes the elements to `destination` in row-major order, whatever the strides are.
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
    case 2: copyStrided(UInt16.self, to: destination)
    default: copyStrided(UInt8.self, to: destination)
    }
  }

  private func copyStrided<Bits>(_ type: Bits.Type, to destination: UnsafeMutableRawPointer) {
    let source = storage.pointer.assumingMemoryBound(to: Bits.self) + offset
    let out = destination.assumingMemoryBound(to: Bits.self)
    let shape = shape, strides = strides, inner = shape[rank - 1], step = strides[rank - 1]
    parallelFor(count / inner, elements: inner) { rows in
      var to = out + rows.lowerBound * inner
      Strided.forEachRow(rows, shape: shape, strides, strides) { start, _ in
        let from = source + start
        for i in 0..<inner { to[i] = from[i * step] }
        to += inner
      }
    }
  }
}

/// Loops over the rows of strided arrays: over all axes except the last.
package enum Strided {
  /// Calls `body` with the offset of each row (the last axis), in elements and in row-major order.
  @inline(__always)
  package static func forEachRow(shape: [Int], strides: [Int], _ body: (Int) -> Void) {
    let rows = shape.dropLast().reduce(1, *)
    forEachRow(0..<(shape.contains(0) ? 0 : rows), shape: shape, strides, strides) { a, _ in body(a) }
  }

  /// Calls `body` with the offsets of each row in two arrays of one shape with the strides `a` and `b`, in row-major
  /// order.
  @inline(__always)
  package static func forEachRow(shape: [Int], _ a: [Int], _ b: [Int], _ body: (Int, Int) -> Void) {
    let rows = shape.dropLast().reduce(1, *)
    forEachRow(0..<(shape.contains(0) ? 0 : rows), shape: shape, a, b, body)
  }

  /// Calls `body` with the offsets of the rows `rows` in two arrays of one shape with the strides `a` and `b`. Rows are
  /// numbered in row-major order.
  @inline(__always)
  package static func forEachRow(
    _ rows: Range<Int>, shape: [Int], _ a: [Int], _ b: [Int], _ body: (Int, Int) -> Void
  ) {
    guard !rows.isEmpty else { return }
    let outer = shape.count - 1
    guard outer > 0 else { return body(0, 0) }
    var index = [Int](repeating: 0, count: outer)
    var i = 0, j = 0, rest = rows.lowerBound
    for axis in (0..<outer).reversed() {
      index[axis] = rest % shape[axis]
      rest /= shape[axis]
      i += index[axis] * a[axis]
      j += index[axis] * b[axis]
    }
    for _ in rows {
      body(i, j)
      for axis in (0..<outer).reversed() {
        index[axis] += 1
        i += a[axis]
        j += b[axis]
        if index[axis] < shape[axis] { break }
        i -= a[axis] * shape[axis]
        j -= b[axis] * shape[axis]
        index[axis] = 0
      }
    }
  }
}
