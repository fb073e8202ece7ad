import CMoultKernels

private let kernel = UnaryKernel(f32: mk_tanh_f32, f64: mk_tanh_f64)

/// The hyperbolic tangent.
///
///     y = tanh x,   dx = dy * (1 - y^2)
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: saturates at -1 and 1.
/// - Complexity: O(*n*).
public func tanh(_ x: Tensor) -> Tensor {
  let y = x.mapped(kernel, "tanh")
  return y.recorded("tanh", from: x) { gradient in [gradient * (1 - y * y)] }
}
