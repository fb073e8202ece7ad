/// The square root.
///
///     y = √x,   dx = dy / (2 y)
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: of a negative number NaN; the derivative at 0 is infinite.
/// - Complexity: O(*n*).
public func sqrt(_ x: Tensor) -> Tensor {
  let y = x.values.mapped(.sqrt, "sqrt")
  return y.recorded("sqrt", from: x) { gradient in gradient / (2 * y) }
}
