extension Tensor {
  /// Returns the elementwise difference of two tensors.
  ///
  ///     y[i] = a[i] - b[i],   da = dy,   db = -dy
  ///
  /// - Shapes: two that broadcast, aligned at the last axis -> the broadcast shape; both tensors of one floating-point
  ///   or integer dtype. Integers wrap around and have no gradient.
  /// - Complexity: O(*n*).
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let (x, y) = (a.shape, b.shape)
    return (a.values - b.values).recorded("subtract", from: a, b) { gradient in
      [.values(gradient.summed(to: x)), .values((-gradient).summed(to: y))]
    }
  }

  /// Returns the elementwise difference of a tensor and a number, which is converted to the tensor's dtype. Stops the
  /// program if an integer dtype cannot hold the number.
  public static func - (a: Tensor, b: Double) -> Tensor {
    (a.values - b).recorded("subtract", ["number": .double(b)], from: a) { $0 }
  }

  /// Returns the elementwise difference of a number and a tensor. The number is converted to the tensor's dtype; the
  /// program stops if an integer dtype cannot hold it.
  public static func - (a: Double, b: Tensor) -> Tensor {
    (a - b.values).recorded("subtract", ["number": .double(a), "numberFirst": .bool(true)], from: b) { -$0 }
  }
}
