extension Tensor {
  /// Returns the elementwise sum of two tensors.
  ///
  ///     y[i] = a[i] + b[i],   da = dy,   db = dy
  ///
  /// - Shapes: two that broadcast, aligned at the last axis -> the broadcast shape; both tensors of one floating-point
  ///   or integer dtype. Integers wrap around and have no gradient.
  /// - Complexity: O(*n*). If one tensor is a product that is not computed yet and the other is computed, as in a
  ///   residual connection, the addition is done with the product; a product that is read afterwards is then computed
  ///   again. With gradients, the result of ReLU, sigmoid or tanh is computed first, since their gradients read it.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    let (x, y) = (a.shape, b.shape)
    let sum =
      a.values.joiningAddition(of: b.values, withGradient: a.node != nil)
      ?? b.values.joiningAddition(of: a.values, withGradient: b.node != nil) ?? a.values + b.values
    let needsBoth = a.node != nil && b.node != nil
    return sum.recorded("add", from: a, b) { gradient in
      if needsBoth { gradient.compute() }  // else each of both would compute the product that it is pending on
      return [.values(gradient.summed(to: x)), .values(gradient.summed(to: y))]
    }
  }

  /// Returns the elementwise sum of a tensor and a number, which is converted to the tensor's dtype. Stops the program
  /// if an integer dtype cannot hold the number.
  public static func + (a: Tensor, b: Double) -> Tensor {
    (a.values + b).recorded("add", ["number": .double(b)], from: a) { $0 }
  }

  /// Returns the elementwise sum of a number and a tensor. The number is converted to the tensor's dtype; the program
  /// stops if an integer dtype cannot hold it.
  public static func + (a: Double, b: Tensor) -> Tensor {
    (a + b.values).recorded("add", ["number": .double(a)], from: b) { $0 }
  }
}
