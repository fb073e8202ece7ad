extension Tensor {
  /// Rows, that is entries along the first axis, in the order of `indices`; an index may repeat.
  ///
  ///     y[i, ...] = x[indices[i], ...]
  ///
  /// - Shapes: `x: [N, ...]`, `K` indices -> `[K, ...]`.
  /// - Gradient: each row gets the sum of the gradients of the places it was taken for.
  /// - Edge cases: an index outside 0..<N stops the program with its place.
  /// - Complexity: O(*n*) in the size of the result, forward and backward.
  public func indexSelect(_ indices: [Int]) -> Tensor {
    require(rank > 0, "indexSelect: expected a tensor of rank 1 or more, got \(shape)")
    let shape = shape
    for (i, index) in indices.enumerated() {
      require((0..<shape[0]).contains(index), "indexSelect: index \(index) at place \(i) is outside 0..<\(shape[0])")
    }
    return values.indexSelect(indices).recorded("indexSelect", from: self) { gradient in
      [.rows(gradient, shape: shape, indices: indices)]
    }
  }

  /// Rows in the order of an integer tensor of rank 1.
  public func indexSelect(_ indices: Tensor) -> Tensor {
    require(
      indices.rank == 1 && !indices.dtype.isFloatingPoint && indices.dtype != .bool,
      "indexSelect: expected integer indices of rank 1, got \(indices.dtype) \(indices.shape)")
    return indexSelect(indices.scalars(as: Int64.self).map { Int($0) })
  }
}
