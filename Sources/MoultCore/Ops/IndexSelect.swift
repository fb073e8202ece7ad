extension Tensor {
  /// Returns the rows (entries along the first axis) at `indices`, in that order; an index may repeat.
  ///
  ///     y[i, ...] = x[indices[i], ...]
  ///
  /// - Shapes: `x: [N, ...]`, `K` indices -> `[K, ...]`.
  /// - Gradient: each row gets the sum of the gradients of the results that it was picked for.
  /// - Edge cases: an index outside 0..<N stops the program with a message that gives its position.
  /// - Complexity: O(*n*) in the size of the result, forward and backward.
  public func indexSelect(_ indices: [Int]) -> Tensor {
    require(rank > 0, "indexSelect: expected a tensor of rank 1 or more, got \(shape)")
    let shape = shape
    for (i, index) in indices.enumerated() {
      require((0..<shape[0]).contains(index), "indexSelect: index \(index) at place \(i) is outside 0..<\(shape[0])")
    }
    return values.indexSelect(indices).recorded("indexSelect", ["indices": .ints(indices)], from: self) { gradient in
      [.rows(gradient, shape: shape, indices: indices)]
    }
  }

  /// Returns the rows (entries along the first axis) at the indices in an integer tensor of rank 1, in that order.
  public func indexSelect(_ indices: Tensor) -> Tensor {
    require(
      indices.rank == 1 && !indices.dtype.isFloatingPoint && indices.dtype != .bool,
      "indexSelect: expected integer indices of rank 1, got \(indices.dtype) \(indices.shape)")
    return indexSelect(indices.scalars(as: Int64.self).map { Int($0) })
  }
}
