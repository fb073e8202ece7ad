/// Returns the rectified linear unit (ReLU) of each element.
///
///     y = max(x, 0),   dx = x > 0 ? dy : 0
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: the derivative at 0 is 0; NaN stays NaN and gets a gradient of 0.
/// - Complexity: O(*n*). The backward pass reads the result and keeps no other memory.
public func relu(_ x: Tensor) -> Tensor {
  let y = x.values.applying(.relu, "relu")
  return y.recorded("relu", from: x) { gradient in gradient.backwardThroughReLU(result: y) }
}
