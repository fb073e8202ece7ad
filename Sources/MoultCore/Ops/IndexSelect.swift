extension Tensor {
  /// Returns the entries along `axis` at `indices`, in that order; an index may repeat.
  ///
  ///     y[i, ...] = x[indices[i], ...]   for axis 0
  ///
  /// - Parameters:
  ///   - indices: the positions, each in 0..<extent.
  ///   - axis: the axis to select from, counted from the end if negative.
  /// - Shapes: `x: [N, ...]`, `K` indices -> `[K, ...]` for axis 0.
  /// - Gradient: each entry gets the sum of the gradients of the results that it was picked for.
  /// - Edge cases: an index outside 0..<N stops the program with a message that gives its position.
  /// - Complexity: O(*n*) in the size of the result, forward and, for axis 0, backward; for another axis the backward
  ///   pass also in the size of `x`.
  public func indexSelect(_ indices: [Int], axis: Int = 0) -> Tensor {
    require(rank > 0, "indexSelect: expected a tensor of rank 1 or more, got \(shape)")
    let shape = shape, axis = Shape.axis(axis, rank: rank, "indexSelect")
    for (i, index) in indices.enumerated() {
      require(
        (0..<shape[axis]).contains(index), "indexSelect: index \(index) at place \(i) is outside 0..<\(shape[axis])")
    }
    let result = values.indexSelect(indices, axis: axis)
    guard axis > 0 else {
      return result.recorded("indexSelect", ["indices": .ints(indices)], from: self) { gradient in
        [.rows(gradient, shape: shape, indices: indices)]
      }
    }
    return result.recorded("indexSelect", ["indices": .ints(indices), "axis": .int(axis)], from: self) { gradient in
      gradient.indexAdded(to: shape, indices, axis: axis)
    }
  }

  /// Returns the entries along `axis` at the indices in an integer tensor of rank 1, in that order.
  public func indexSelect(_ indices: Tensor, axis: Int = 0) -> Tensor {
    require(
      indices.rank == 1 && indices.dtype.isInteger,
      "indexSelect: expected integer indices of rank 1, got \(indices.dtype) \(indices.shape)")
    return indexSelect(indices.scalars(as: Int64.self).map { Int($0) }, axis: axis)
  }
}
