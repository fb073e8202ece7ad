extension Tensor {
  /// Returns the tensor with the order of its entries reversed along each of `axes`, as PyTorch's `flip`.
  ///
  /// - Parameter axes: the axes to reverse, each once, counted from the end if negative.
  /// - Gradient: `dy`, reversed along the same axes.
  /// - Complexity: O(*n*) for each axis; PyTorch copies too.
  public func flipped(axes: [Int]) -> Tensor {
    let found = axes.map { Shape.axis($0, rank: rank, "flipped") }
    require(Set(found).count == found.count, "flipped: an axis is named twice in \(axes)")
    return found.reduce(self) { $0.indexSelect((0..<shape[$1]).reversed(), axis: $1) }
  }
}
