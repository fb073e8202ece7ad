extension Tensor {
  /// The elementwise quotient.
  ///
  ///     y[i] = a[i] / b[i],   da = dy / b,   db = -dy * a / b^2
  ///
  /// - Shapes: any two that broadcast together, aligned at the last axis; both of one floating-point type.
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

  /// The elementwise quotient. The number takes the tensor's type.
  public static func / (a: Tensor, b: Double) -> Tensor {
    (a.values / b).recorded("divide", from: a) { $0 / b }
  }

  /// The elementwise quotient. The number takes the tensor's type.
  public static func / (a: Double, b: Tensor) -> Tensor { .full([], a, dtype: b.dtype) / b }
}
