extension Tensor {
  /// Returns the tensor with `number` where `mask` is true, as PyTorch's `masked_fill`.
  ///
  ///     scores.maskedFill(isPadding, with: -.infinity)
  ///
  /// - Parameters:
  ///   - mask: a Bool tensor that broadcasts to the shape of this one.
  ///   - number: the number, converted to the dtype. Stops the program if an integer dtype cannot hold it.
  /// - Gradient: `dy` where the mask is false, zero elsewhere.
  /// - Complexity: O(*n*).
  public func maskedFill(_ mask: Tensor, with number: Double) -> Tensor {
    require(
      Shape.broadcast(shape, mask.shape) == shape,
      "maskedFill: expected a mask that broadcasts to \(shape), got \(mask.shape)")
    return select(mask, number, self)
  }
}
