/// Returns the logistic function (sigmoid) of each element.
///
///     y = 1 / (1 + e^-x),   dx = dy * y * (1 - y)
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: approaches 0 and 1 without overflow.
/// - Complexity: O(*n*).
public func sigmoid(_ x: Tensor) -> Tensor {
  let y = x.values.applying(.sigmoid, "sigmoid")
  return y.recorded("sigmoid", from: x) { gradient in .zipped(gradient, y, .sigmoidGradient, "sigmoid") }
}
