extension Tensor {
  /// The elementwise difference.
  ///
  ///     y[i] = a[i] - b[i],   da = dy,   db = -dy
  ///
  /// - Shapes: any two that broadcast together, aligned at the last axis; both of one floating-point or
  ///   integer type. Integers wrap around and have no gradient.
  /// - Complexity: O(*n*).
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let (x, y) = (a.shape, b.shape)
    return (a.values - b.values).recorded("subtract", from: a, b) { gradient in
      [.values(gradient.summed(to: x)), .values((-gradient).summed(to: y))]
    }
  }

  /// The elementwise difference. The number takes the tensor's type.
  public static func - (a: Tensor, b: Double) -> Tensor {
    (a.values - b).recorded("subtract", from: a) { $0 }
  }

  /// The elementwise difference. The number takes the tensor's type.
  public static func - (a: Double, b: Tensor) -> Tensor {
    (a - b.values).recorded("subtract", from: b) { -$0 }
  }
}
