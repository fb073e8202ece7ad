/// Picks elements along an axis, one for each index, as PyTorch's `gather`.
///
///     y[i, j, k] = x[i, indices[i, j, k], k]   for axis 1 of three
///
/// - Shapes: `indices`, of an integer dtype, has the shape of `x` except along `axis`; the result has the shape of
///   `indices`.
/// - Gradient: each element of `x` gets the sum of the gradients of the results that it was picked for.
/// - Edge cases: an index outside 0..<extent stops the program with a message that gives its position.
/// - Complexity: O(*n*) in the number of indices; the backward pass also in the size of `x`.
public func gather(_ x: Tensor, _ indices: Tensor, axis: Int) -> Tensor {
  let axis = Shape.axis(axis, rank: x.rank, "gather")
  let places = places(of: indices, along: axis, in: x.shape, "gather")
  let shape = x.shape, blocks = shape[..<axis].reduce(1, *)
  return x.values.gathered(places, shape: indices.shape).recorded("gather", ["axis": .int(axis)], from: x, indices) {
    [.values($0.scattered(to: shape, places, blocks: blocks))]
  }
}

/// Returns the position, in row-major order in an array of shape `shape`, of the element that each index along `axis`
/// stands for. Stops the program if `indices` is not an integer tensor of that shape except along `axis`, or if an
/// index is outside.
func places(of indices: Tensor, along axis: Int, in shape: [Int], _ caller: StaticString) -> [Int] {
  var expected = shape
  if indices.rank == shape.count { expected[axis] = indices.shape[axis] }
  require(
    indices.shape == expected && indices.dtype.isInteger,
    "\(caller): expected integer indices of shape \(shape) but for axis \(axis), got \(indices.dtype) \(indices.shape)")
  let inner = shape[(axis + 1)...].reduce(1, *), extent = shape[axis], picked = indices.shape[axis]
  return indices.scalars(as: Int64.self).enumerated().map { i, index in
    require(
      (0..<Int64(extent)).contains(index),
      "\(caller): index \(index) at place \(i) is outside 0..<\(extent), axis \(axis) of \(shape)")
    return (i / (picked * inner) * extent + Int(index)) * inner + i % inner
  }
}
