/// Returns the natural logarithm of each element.
///
///     y = ln x,   dx = dy / x
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: `log(0)` is -infinity; the logarithm of a negative number is NaN.
/// - Complexity: O(*n*).
public func log(_ x: Tensor) -> Tensor {
  let input = x.values
  return input.mapped(.log, "log").recorded("log", from: x) { gradient in gradient / input }
}
