extension Tensor {
  /// Returns the elementwise quotient of two tensors.
  ///
  ///     y[i] = a[i] / b[i],   da = dy / b,   db = -dy * a / b^2
  ///
  /// - Shapes: two that broadcast, aligned at the last axis -> the broadcast shape; both tensors of one floating-point
  ///   dtype.
  /// - Complexity: O(*n*).
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let (x, y) = (a.values, b.values)
    let needsA = a.node != nil, needsB = b.node != nil
    return (x / y).recorded("divide", from: a, b) { gradient in
      [
        needsA ? .values((gradient / y).summed(to: x.shape)) : nil,
        needsB ? .values((-gradient * x / (y * y)).summed(to: y.shape)) : nil,
      ]
    }
  }

  /// Returns the elementwise quotient of a tensor and a number, which is converted to the tensor's floating-point
  /// dtype.
  public static func / (a: Tensor, b: Double) -> Tensor {
    (a.values / b).recorded("divide", ["number": .double(b)], from: a) { $0 / b }
  }

  /// Returns the elementwise quotient of a number, which is converted to the tensor's floating-point dtype, and a
  /// tensor.
  public static func / (a: Double, b: Tensor) -> Tensor { .full([], a, dtype: b.dtype) / b }
}
