extension Tensor {
  /// Returns the tensor with its entries moved along `axis`; those that leave one end come in at the other, as
  /// PyTorch's `roll`.
  ///
  ///     Tensor([1, 2, 3, 4]).rolled(by: 1, axis: 0)     // [4, 1, 2, 3]
  ///
  /// - Parameters:
  ///   - shift: by how many positions entries move towards the end; a negative number moves them towards the start.
  ///   - axis: the axis to move along, counted from the end if negative.
  /// - Gradient: `dy` moved back.
  /// - Complexity: O(*n*).
  public func rolled(by shift: Int, axis: Int) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, "rolled"), extent = shape[axis]
    let rest = extent == 0 ? 0 : shift % extent, cut = rest > 0 ? extent - rest : -rest
    guard cut > 0 else { return self }
    return concatenate([sliced(axis: axis, cut..<extent), sliced(axis: axis, 0..<cut)], axis: axis)
  }
}
