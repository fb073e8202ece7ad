extension Tensor {
  /// The elementwise product.
  ///
  ///     y[i] = a[i] * b[i],   da = dy * b,   db = dy * a
  ///
  /// - Shapes: any two that broadcast together, aligned at the last axis; both of one floating-point or
  ///   integer type. Integers wrap around and have no gradient.
  /// - Complexity: O(*n*).
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let (x, y) = (a.values, b.values)
    let needsA = a.node != nil, needsB = b.node != nil
    return (x * y).recorded("multiply", from: a, b) { gradient in
      [
        needsA ? .values((gradient * y).summed(to: x.shape)) : nil,
        needsB ? .values((gradient * x).summed(to: y.shape)) : nil,
      ]
    }
  }

  /// The elementwise product. The number takes the tensor's type.
  public static func * (a: Tensor, b: Double) -> Tensor {
    (a.values * b).recorded("multiply", from: a) { $0 * b }
  }

  /// The elementwise product. The number takes the tensor's type.
  public static func * (a: Double, b: Tensor) -> Tensor {
    (a * b.values).recorded("multiply", from: b) { $0 * a }
  }
}
