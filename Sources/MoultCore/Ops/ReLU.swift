/// The rectified linear unit.
///
///     y = max(x, 0),   dx = x > 0 ? dy : 0
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: the derivative at 0 is 0; a NaN stays NaN and gets no gradient.
/// - Complexity: O(*n*); the backward pass reads the result, no other memory is kept.
public func relu(_ x: Tensor) -> Tensor {
  let y = x.values.applying(.relu, storingInput: false, "relu")
  let result = y.recorded("relu", from: x) { gradient in gradient.backwardThroughReLU(result: y) }
  ForwardTrace.current?.addReLU(result)
  return result
}
