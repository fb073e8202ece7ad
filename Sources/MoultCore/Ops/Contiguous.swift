extension Tensor {
  /// Returns the same elements, stored in row-major order; copies them only if they are not.
  ///
  /// - Gradient: `dx = dy`.
  /// - Complexity: O(1) for contiguous tensors, else O(*n*).
  public func contiguous() -> Tensor {
    values.isContiguous ? self : values.contiguous().recorded("contiguous", from: self) { $0 }
  }
}
