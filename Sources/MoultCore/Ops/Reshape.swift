extension Tensor {
  /// Returns the same elements in row-major order with another shape.
  ///
  /// - Parameter shape: the new extents, for the same number of elements. One extent may be -1: it is computed from the
  ///   others.
  /// - Gradient: `dx = dy`, reshaped back.
  /// - Complexity: O(1) for contiguous tensors, else O(*n*).
  public func reshaped(_ shape: [Int]) -> Tensor {
    let source = self.shape, target = resolved(shape)
    return values.reshaped(target).recorded("reshape", ["shape": .ints(target)], from: self) { $0.reshaped(source) }
  }

  /// Returns the tensor with all axes from `axis` on merged into one: `[N, 28, 28]` -> `[N, 784]`.
  ///
  /// - Parameter axis: the first axis to merge, counted from the end if negative. If it is the rank or more, an axis of
  ///   extent 1 is appended.
  /// - Gradient: `dx = dy`, reshaped back.
  /// - Complexity: O(1) for contiguous tensors, else O(*n*).
  public func flattened(from axis: Int = 1) -> Tensor {
    let axis = Swift.min(axis < 0 ? axis + rank : axis, rank)
    require(axis >= 0, "flattened(from:): \(shape) has no axis \(axis)")
    return reshaped(Array(shape[..<axis]) + [shape[axis...].reduce(1, *)])
  }

  private func resolved(_ shape: [Int]) -> [Int] {
    var target = shape
    let open = shape.indices.filter { shape[$0] == -1 }
    require(open.count <= 1, "reshaped: at most one extent can be -1, got \(shape)")
    if let axis = open.first {
      target[axis] = 1
      let known = Shape.count(target, "reshaped")
      require(known > 0 && count % known == 0, "reshaped: \(count) elements of \(self.shape) do not fill \(shape)")
      target[axis] = count / known
    }
    require(
      Shape.count(target, "reshaped") == count,
      "reshaped: \(self.shape) has \(count) elements, \(shape) holds \(target.reduce(1, *))")
    return target
  }
}
