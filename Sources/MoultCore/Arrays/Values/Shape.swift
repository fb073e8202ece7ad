/// Computations on shapes, such as strides and broadcasting.
package enum Shape {
  /// Returns the row-major strides of a shape, in elements; an extent of 0 counts as 1.
  package static func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    var step = 1
    for axis in shape.indices.reversed() {
      strides[axis] = step
      step *= max(shape[axis], 1)
    }
    return strides
  }

  /// Returns whether arrays of this shape and these strides are in row-major order without gaps.
  package static func isRowMajor(_ shape: [Int], _ strides: [Int]) -> Bool {
    var step = 1
    for axis in shape.indices.reversed() {
      if shape[axis] == 0 { return true }
      if shape[axis] != 1 && strides[axis] != step { return false }
      step *= shape[axis]
    }
    return true
  }

  /// Returns the number of elements of a shape. Stops the program if an extent is negative or the number overflows.
  package static func count(_ shape: [Int], _ caller: @autoclosure () -> String) -> Int {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      require(
        extent >= 0 && !overflow, "\(caller()): \(shape) is not a shape; extents must be 0 or more and fit memory")
      count = product
    }
    return count
  }

  /// Returns the shape that two shapes broadcast to, aligned at the last axis as in NumPy; nil if they do not
  /// broadcast.
  package static func broadcast(_ a: [Int], _ b: [Int]) -> [Int]? {
    if a == b { return a }
    let rank = max(a.count, b.count)
    var result = [Int](repeating: 1, count: rank)
    for axis in 0..<rank {
      let i = axis - (rank - a.count), j = axis - (rank - b.count)
      let m = i >= 0 ? a[i] : 1, n = j >= 0 ? b[j] : 1
      guard m == n || m == 1 || n == 1 else { return nil }
      result[axis] = m == 1 ? n : m
    }
    return result
  }

  /// Returns the order of axes that undoes `order`: an array whose axes were permuted by one and then by the other has
  /// its own axes again.
  package static func inverse(ofOrder order: [Int]) -> [Int] {
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    return inverse
  }

  /// Returns `axis` as a number in 0..<rank; a negative axis counts from the end. Stops the program if there is no such
  /// axis.
  package static func axis(_ axis: Int, rank: Int, _ caller: @autoclosure () -> String) -> Int {
    let resolved = axis < 0 ? axis + rank : axis
    require((0..<rank).contains(resolved), "\(caller()): expected an axis in \(-rank)..<\(rank), got \(axis)")
    return resolved
  }
}
