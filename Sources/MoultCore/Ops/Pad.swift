/// What padding is filled with.
public enum PaddingMode: Sendable, Equatable {
  /// A number, converted to the dtype.
  case constant(Double)
  /// The elements mirrored at the first and the last one, which are not repeated: `2 1 | 0 1 2 | 1 0`.
  case reflect
  /// The first and the last element repeated: `0 0 | 0 1 2 | 2 2`.
  case replicate
}

extension Tensor {
  /// Returns the tensor with elements added before and after it along its last axes.
  ///
  ///     images.padded([(1, 1), (1, 1)])                     // a frame of zeros around [N, C, H, W]
  ///     signals.padded([(2, 2)], mode: .reflect)            // [N, T] -> [N, T + 4]
  ///
  /// - Parameters:
  ///   - widths: how many elements are added before and after, for each of the last `widths.count` axes in their
  ///     order. PyTorch's `pad` takes the same numbers with the last axis first.
  ///   - mode: which values the added elements get.
  /// - Gradient: each element gets the sum of the gradients of the places that it fills.
  /// - Edge cases: stops the program if a width is negative, if `.reflect` adds as many elements as the axis has or
  ///   more, or if `.replicate` finds no element to repeat.
  /// - Complexity: O(*n*) for each padded axis.
  public func padded(_ widths: [(before: Int, after: Int)], mode: PaddingMode = .constant(0)) -> Tensor {
    require(
      widths.count <= rank, "padded: expected widths for at most \(rank) axes of \(shape), got \(widths.count)")
    var result = self
    for (axis, width) in zip((rank - widths.count)..., widths) where width != (0, 0) {
      require(
        width.before >= 0 && width.after >= 0,
        "padded: expected widths of 0 or more for axis \(axis), got \(width); remove elements with a slice")
      result = result.padded(axis: axis, width, mode)
    }
    return result
  }

  private func padded(axis: Int, _ width: (before: Int, after: Int), _ mode: PaddingMode) -> Tensor {
    let extent = shape[axis], last = extent - 1, widest = Swift.max(width.before, width.after)
    switch mode {
    case .constant(let number):
      func filled(_ count: Int) -> Tensor {
        var part = shape
        part[axis] = count
        return Tensor(values.number(number, "padded")).broadcast(to: part)
      }
      return concatenate([filled(width.before), self, filled(width.after)], axis: axis)
    case .reflect:
      require(
        widest < extent, "padded: .reflect can add at most \(last) elements to axis \(axis) of \(shape), got \(width)")
      return indexSelect(
        (-width.before...last + width.after).map { last - Swift.abs(last - Swift.abs($0)) }, axis: axis)
    case .replicate:
      require(extent > 0, "padded: axis \(axis) of \(shape) is empty and has no element to repeat")
      return indexSelect(
        (-width.before...last + width.after).map { Swift.min(Swift.max($0, 0), last) }, axis: axis)
    }
  }
}
