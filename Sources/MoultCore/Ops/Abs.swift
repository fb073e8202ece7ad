/// The absolute value.
///
///     y = |x|,   dx = dy * sign(x)
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: the derivative at 0 is 0.
/// - Complexity: O(*n*).
public func abs(_ x: Tensor) -> Tensor {
  let input = x.values
  return input.mapped(.abs, "abs").recorded("abs", from: x) { gradient in gradient * input.mapped(.sign, "sign") }
}
