/// Returns the absolute value of each element.
///
///     y = |x|,   dx = dy * sign(x)
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: the derivative at 0 is 0, and NaN at NaN.
/// - Complexity: O(*n*).
public func abs(_ x: Tensor) -> Tensor {
  let input = x.values
  return input.mapped(.abs, "abs").recorded("abs", from: x) { gradient in gradient * input.mapped(.sign, "sign") }
}
