extension Tensor {
  /// Returns the `k` largest or smallest elements along `axis`, in order, and their positions, as PyTorch's `topk`.
  ///
  /// - Parameters:
  ///   - k: the number of elements, from 0 to the extent of the axis.
  ///   - axis: the axis to search, counted from the end if negative.
  ///   - largest: whether the largest elements are wanted, the largest first; else the smallest, the smallest first.
  /// - Shapes: any of rank 1 or more -> the shape with extent `k` along `axis`; indices in Int64.
  /// - Gradient: `dy` at the positions of the results, zero elsewhere.
  /// - Edge cases: of equal elements the first counts; NaN counts as larger than all numbers.
  /// - Complexity: O(*n* log *m*) for lines of *m* elements.
  public func topK(_ k: Int, axis: Int = -1, largest: Bool = true) -> (values: Tensor, indices: Tensor) {
    let axis = Shape.axis(axis, rank: rank, "topK")
    require((0...shape[axis]).contains(k), "topK: expected 0 to \(shape[axis]) elements of axis \(axis), got \(k)")
    let indices = argsort(axis: axis, descending: largest).sliced(axis: axis, 0..<k)
    return (gather(self, indices, axis: axis), indices)
  }
}
