import CMoultKernels

private let kernel = UnaryKernel(f32: mk_gelu_f32, f64: mk_gelu_f64)
private let derivative = UnaryKernel(f32: mk_gelu_derivative_f32, f64: mk_gelu_derivative_f64)

/// The Gaussian error linear unit, in its exact form.
///
///     y = x/2 (1 + erf(x / √2)),   dx = dy * (Φ(x) + x φ(x))
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: close to 0 far below zero, close to x far above.
/// - Complexity: O(*n*).
/// - Source: [Hendrycks & Gimpel 2016](https://arxiv.org/abs/1606.08415).
public func gelu(_ x: Tensor) -> Tensor {
  let input = x.detached(), y = input.mapped(kernel, "gelu")
  return y.recorded("gelu", from: x) { gradient in [gradient * input.mapped(derivative, "gelu")] }
}
