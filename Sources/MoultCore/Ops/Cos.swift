/// Returns the cosine of each element, in radians.
///
///     y = cos x,   dx = -dy * sin x
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: NaN for infinite elements.
/// - Complexity: O(*n*). The C library computes it in Double, so the last bit may differ between systems.
public func cos(_ x: Tensor) -> Tensor {
  let input = x.values
  return input.mapped(.cos, "cos").recorded("cos", from: x) { gradient in -gradient * input.mapped(.sin, "cos") }
}
