import CMoultKernels

private let kernel = UnaryKernel(f32: mk_exp_f32, f64: mk_exp_f64)

/// The exponential function.
///
///     y = e^x,   dx = dy * y
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: overflow gives infinity, NaN stays NaN.
/// - Complexity: O(*n*).
public func exp(_ x: Tensor) -> Tensor {
  let y = x.mapped(kernel, "exp")
  return y.recorded("exp", from: x) { gradient in [gradient * y] }
}
