/// The hyperbolic tangent.
///
///     y = tanh x,   dx = dy * (1 - y^2)
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: saturates at -1 and 1.
/// - Complexity: O(*n*).
public func tanh(_ x: Tensor) -> Tensor {
  let y = x.values.applying(.tanh, storingInput: false, "tanh")
  return y.recorded("tanh", from: x) { gradient in gradient * (1 - y * y) }
}
