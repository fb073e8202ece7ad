/// Returns the exponential of each element.
///
///     y = e^x,   dx = dy * y
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: overflow gives infinity, NaN stays NaN.
/// - Complexity: O(*n*).
public func exp(_ x: Tensor) -> Tensor {
  let y = x.values.mapped(.exp, "exp")
  return y.recorded("exp", from: x) { gradient in gradient * y }
}
