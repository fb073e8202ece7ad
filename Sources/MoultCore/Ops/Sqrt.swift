/// Returns the square root of each element.
///
///     y = √x,   dx = dy / (2 y)
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: the square root of a negative number is NaN; the derivative at 0 is infinite.
/// - Complexity: O(*n*).
public func sqrt(_ x: Tensor) -> Tensor {
  let y = x.values.mapped(.sqrt, "sqrt")
  return y.recorded("sqrt", from: x) { gradient in gradient / (2 * y) }
}
