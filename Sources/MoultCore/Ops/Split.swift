extension Tensor {
  /// Returns views of consecutive parts along `axis` of the given sizes, as PyTorch's `split`.
  ///
  /// - Parameters:
  ///   - sizes: the extent of each part; their sum is the extent of the axis.
  ///   - axis: the axis to split, counted from the end if negative.
  /// - Gradient: `dy` at the part's place, zeros elsewhere.
  /// - Complexity: O(1) for each part.
  public func split(sizes: [Int], axis: Int = 0) -> [Tensor] {
    let axis = Shape.axis(axis, rank: rank, "split")
    require(
      sizes.allSatisfy { $0 >= 0 } && sizes.reduce(0, +) == shape[axis],
      "split: expected sizes of 0 or more with the sum \(shape[axis]), axis \(axis) of \(shape), got \(sizes)")
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return sliced(axis: axis, start..<start + size)
    }
  }

  /// Returns views of consecutive parts along `axis` of extent `size`; the last one is smaller if the extent of the
  /// axis is no multiple of it. An axis of extent 0 gives one empty part.
  public func split(size: Int, axis: Int = 0) -> [Tensor] {
    let axis = Shape.axis(axis, rank: rank, "split"), extent = shape[axis]
    require(size > 0, "split: expected a size of 1 or more, got \(size)")
    let starts = stride(from: 0, to: Swift.max(extent, 1), by: size)
    return split(sizes: starts.map { Swift.min(size, extent - $0) }, axis: axis)
  }

  /// Returns at most `count` views of consecutive parts along `axis`, as PyTorch's `chunk`: all of one size, which is
  /// the extent divided by `count` and rounded up, except that the last one may be smaller.
  public func chunk(_ count: Int, axis: Int = 0) -> [Tensor] {
    let axis = Shape.axis(axis, rank: rank, "chunk")
    require(count > 0, "chunk: expected a count of 1 or more, got \(count)")
    let size = (shape[axis] + count - 1) / count
    return size == 0 ? split(sizes: [Int](repeating: 0, count: count), axis: axis) : split(size: size, axis: axis)
  }
}
