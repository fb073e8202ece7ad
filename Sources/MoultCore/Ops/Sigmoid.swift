import CMoultKernels

private let kernel = UnaryKernel(f32: mk_sigmoid_f32, f64: mk_sigmoid_f64)

/// The logistic function.
///
///     y = 1 / (1 + e^-x),   dx = dy * y * (1 - y)
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: saturates at 0 and 1 without overflow.
/// - Complexity: O(*n*).
public func sigmoid(_ x: Tensor) -> Tensor {
  let y = x.mapped(kernel, "sigmoid")
  return y.recorded("sigmoid", from: x) { gradient in [gradient * y * (1 - y)] }
}
