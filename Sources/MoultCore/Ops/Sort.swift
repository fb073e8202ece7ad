extension Tensor {
  /// Returns the positions along `axis` that put each line in order, as PyTorch's `argsort`.
  ///
  /// - Parameters:
  ///   - axis: the axis to sort along, counted from the end if negative.
  ///   - descending: whether the largest element comes first.
  /// - Shapes: any of rank 1 or more -> the same shape; Int64. There is no gradient.
  /// - Edge cases: equal elements keep their order. NaN counts as larger than all numbers.
  /// - Complexity: O(*n* log *k*) for lines of *k* elements.
  public func argsort(axis: Int = -1, descending: Bool = false) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, "argsort")
    return values.sortedPositions(axis: axis, descending: descending)
      .withoutHistory("argsort", ["axis": .int(axis), "descending": .bool(descending)], from: [self])
  }

  /// Returns the elements in order along `axis`, and the positions that they come from, as PyTorch's `sort`.
  ///
  ///     Tensor([3, 1, 2]).sorted().values      // [1, 2, 3]
  ///     Tensor([3, 1, 2]).sorted().indices     // [1, 2, 0]
  ///
  /// - Parameters:
  ///   - axis: the axis to sort along, counted from the end if negative.
  ///   - descending: whether the largest element comes first.
  /// - Shapes: any of rank 1 or more -> values of the same shape and dtype, and indices in Int64.
  /// - Gradient: `dy` at the position that each element comes from.
  /// - Edge cases: as ``argsort(axis:descending:)``.
  /// - Complexity: O(*n* log *k*) for lines of *k* elements.
  public func sorted(axis: Int = -1, descending: Bool = false) -> (values: Tensor, indices: Tensor) {
    let indices = argsort(axis: axis, descending: descending)
    return (gather(self, indices, axis: axis), indices)
  }
}
