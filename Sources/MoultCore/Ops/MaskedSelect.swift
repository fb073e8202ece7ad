extension Tensor {
  /// Returns the elements where `mask` is true, in row-major order, as PyTorch's `masked_select`.
  ///
  ///     x.maskedSelect(x .> 0)
  ///
  /// - Parameter mask: a Bool tensor.
  /// - Shapes: two that broadcast -> `[k]` for `k` true elements of the mask, after broadcasting.
  /// - Gradient: `dy` at the selected elements, zero elsewhere.
  /// - Complexity: O(*n*).
  public func maskedSelect(_ mask: Tensor) -> Tensor {
    require(
      mask.dtype == .bool, "maskedSelect: expected a mask of truth values, got \(mask.dtype); compare with .> or .!=")
    guard let shape = Shape.broadcast(shape, mask.shape) else {
      fatalError("maskedSelect: \(shape) and \(mask.shape) do not broadcast together; axes must be equal or 1")
    }
    let source = self.shape
    let flags = mask.values.broadcast(to: shape).scalars(as: Bool.self), places = flags.indices.filter { flags[$0] }
    return values.broadcast(to: shape).gathered(places, shape: [places.count])
      .recorded("maskedSelect", from: self, mask) { gradient in
        // All places differ, so each is a block of its own.
        [.values(gradient.scattered(to: shape, places, blocks: places.count).summed(to: source))]
      }
  }
}
