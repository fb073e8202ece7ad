/// Returns the sine of each element, in radians.
///
///     y = sin x,   dx = dy * cos x
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: NaN for infinite elements.
/// - Complexity: O(*n*). The C library computes it in Double, so the last bit may differ between systems.
public func sin(_ x: Tensor) -> Tensor {
  let input = x.values
  return input.mapped(.sin, "sin").recorded("sin", from: x) { gradient in gradient * input.mapped(.cos, "sin") }
}
