import CMoultKernels

private let kernel = UnaryKernel(f32: mk_log_f32, f64: mk_log_f64)

/// The natural logarithm.
///
///     y = ln x,   dx = dy / x
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: `log(0)` is -infinity, of a negative number NaN.
/// - Complexity: O(*n*).
public func log(_ x: Tensor) -> Tensor {
  let input = x.detached(), y = input.mapped(kernel, "log")
  return y.recorded("log", from: x) { gradient in [gradient / input] }
}
