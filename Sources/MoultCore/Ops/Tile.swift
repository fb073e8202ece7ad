extension Tensor {
  /// Returns the tensor repeated along its axes, as PyTorch's and NumPy's `tile`.
  ///
  ///     Tensor([1, 2]).tiled([3])        // [1, 2, 1, 2, 1, 2]
  ///     Tensor([1, 2]).tiled([2, 1])     // [[1, 2], [1, 2]]
  ///
  /// - Parameter counts: how often the tensor is repeated along each of the last axes. More counts than axes make new
  ///   leading axes; other axes are not repeated.
  /// - Gradient: each element gets the sum of the gradients of its copies.
  /// - Complexity: O(*n*) in the size of the result.
  public func tiled(_ counts: [Int]) -> Tensor {
    require(counts.allSatisfy { $0 >= 0 }, "tiled: expected counts of 0 or more, got \(counts)")
    let extents = [Int](repeating: 1, count: Swift.max(0, counts.count - rank)) + shape
    let counts = [Int](repeating: 1, count: extents.count - counts.count) + counts
    let copies = reshaped(extents.flatMap { [1, $0] })
      .broadcast(to: zip(counts, extents).flatMap { [$0, $1] })
    return copies.reshaped(zip(counts, extents).map { $0 * $1 })
  }

  /// Returns each entry along `axis` repeated `count` times in a row, as PyTorch's `repeat_interleave`.
  ///
  ///     Tensor([1, 2]).repeatInterleave(2, axis: 0)     // [1, 1, 2, 2]
  ///
  /// - Gradient: each entry gets the sum of the gradients of its copies.
  /// - Complexity: O(*n*) in the size of the result.
  public func repeatInterleave(_ count: Int, axis: Int) -> Tensor {
    require(count >= 0, "repeatInterleave: expected a count of 0 or more, got \(count)")
    let axis = Shape.axis(axis, rank: rank, "repeatInterleave")
    var (copies, result) = (shape, shape)
    copies.insert(count, at: axis + 1)
    result[axis] *= count
    return unsqueezed(axis: axis + 1).broadcast(to: copies).reshaped(result)
  }
}
