/// The logistic function.
///
///     y = 1 / (1 + e^-x),   dx = dy * y * (1 - y)
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: saturates at 0 and 1 without overflow.
/// - Complexity: O(*n*).
public func sigmoid(_ x: Tensor) -> Tensor {
  let y = x.values.applying(.sigmoid, storingInput: false, "sigmoid")
  return y.recorded("sigmoid", from: x) { gradient in gradient * y * (1 - y) }
}
