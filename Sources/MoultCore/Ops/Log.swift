/// The natural logarithm.
///
///     y = ln x,   dx = dy / x
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: `log(0)` is -infinity, of a negative number NaN.
/// - Complexity: O(*n*).
public func log(_ x: Tensor) -> Tensor {
  let input = x.values
  return input.mapped(.log, "log").recorded("log", from: x) { gradient in gradient / input }
}
