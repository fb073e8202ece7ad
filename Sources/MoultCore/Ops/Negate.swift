import CMoultKernels

private let kernel = UnaryKernel(f32: mk_negate_f32, f64: mk_negate_f64)

extension Tensor {
  /// The elementwise negative.
  ///
  ///     y[i] = -x[i],   dx = -dy
  ///
  /// - Complexity: O(*n*).
  public static prefix func - (x: Tensor) -> Tensor {
    x.mapped(kernel, "negate").recorded("negate", from: x) { [-$0] }
  }
}
