extension Tensor {
  /// Returns a view with the axes in another order: axis *i* of the result is axis `order[i]` of this tensor.
  ///
  /// - Parameter order: each axis once, counted from the end if negative.
  /// - Gradient: `dy` with the axes in the original order.
  /// - Complexity: O(1).
  public func permuted(_ order: [Int]) -> Tensor {
    let axes = order.map { Shape.axis($0, rank: rank, "permuted") }
    require(
      axes.count == rank && Set(axes).count == rank, "permuted: expected each axis of \(shape) once, got \(order)")
    return values.permuted(axes).recorded("permute", ["axes": .ints(axes)], from: self) { gradient in
      gradient.permuted(Shape.inverse(ofOrder: axes))
    }
  }

  /// Returns a view with the axes `a` and `b` exchanged, by default the last two; negative axes count from the end. The
  /// rank must be 2 or more.
  public func transposed(_ a: Int = -2, _ b: Int = -1) -> Tensor {
    require(rank >= 2, "transposed: expected a tensor of rank 2 or more, got \(shape)")
    var order = Array(0..<rank)
    order.swapAt(Shape.axis(a, rank: rank, "transposed"), Shape.axis(b, rank: rank, "transposed"))
    return permuted(order)
  }
}
