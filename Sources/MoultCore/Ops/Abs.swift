import CMoultKernels

private let kernel = UnaryKernel(f32: mk_abs_f32, f64: mk_abs_f64)
private let sign = UnaryKernel(f32: mk_sign_f32, f64: mk_sign_f64)

/// The absolute value.
///
///     y = |x|,   dx = dy * sign(x)
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: the derivative at 0 is 0.
/// - Complexity: O(*n*).
public func abs(_ x: Tensor) -> Tensor {
  let input = x.detached(), y = input.mapped(kernel, "abs")
  return y.recorded("abs", from: x) { gradient in [gradient * input.mapped(sign, "sign")] }
}
