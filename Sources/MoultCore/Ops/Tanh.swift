/// Returns the hyperbolic tangent of each element.
///
///     y = tanh x,   dx = dy * (1 - y^2)
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: approaches -1 and 1 without overflow.
/// - Complexity: O(*n*).
public func tanh(_ x: Tensor) -> Tensor {
  let y = x.values.applying(.tanh, "tanh")
  return y.recorded("tanh", from: x) { gradient in .zipped(gradient, y, .tanhGradient, "tanh") }
}
