extension Tensor {
  /// Returns the elementwise product of two tensors.
  ///
  ///     y[i] = a[i] * b[i],   da = dy * b,   db = dy * a
  ///
  /// - Shapes: two that broadcast, aligned at the last axis -> the broadcast shape; both tensors of one floating-point
  ///   or integer dtype. Integers wrap around and have no gradient.
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

  /// Returns the elementwise product of a tensor and a number, which is converted to the tensor's dtype. Stops the
  /// program if an integer dtype cannot hold the number.
  public static func * (a: Tensor, b: Double) -> Tensor {
    (a.values * b).recorded("multiply", ["number": .double(b)], from: a) { $0 * b }
  }

  /// Returns the elementwise product of a number and a tensor. The number is converted to the tensor's dtype; the
  /// program stops if an integer dtype cannot hold it.
  public static func * (a: Double, b: Tensor) -> Tensor {
    (a * b.values).recorded("multiply", ["number": .double(a)], from: b) { $0 * a }
  }
}
