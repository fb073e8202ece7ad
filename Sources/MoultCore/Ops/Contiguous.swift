extension Tensor {
  /// The same elements, in row-major order in memory; copies only if they are not.
  ///
  /// - Gradient: `dx = dy`.
  /// - Complexity: O(1) for contiguous tensors, else O(*n*).
  public func contiguous() -> Tensor {
    values.isContiguous ? self : values.contiguous().recorded("contiguous", from: self) { $0 }
  }
}
