import CMoultKernels

private let kernel = UnaryKernel(f32: mk_sqrt_f32, f64: mk_sqrt_f64)

/// The square root.
///
///     y = √x,   dx = dy / (2 y)
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: of a negative number NaN; the derivative at 0 is infinite.
/// - Complexity: O(*n*).
public func sqrt(_ x: Tensor) -> Tensor {
  let y = x.mapped(kernel, "sqrt")
  return y.recorded("sqrt", from: x) { gradient in [gradient / (2 * y)] }
}
