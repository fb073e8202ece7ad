import CMoultKernels

private let kernel = BinaryKernel(f32: mk_subtract_f32, f64: mk_subtract_f64)

extension Tensor {
  /// The elementwise difference.
  ///
  ///     y[i] = a[i] - b[i],   da = dy,   db = -dy
  ///
  /// - Shapes: any two that broadcast together, aligned at the last axis; both of one floating-point type.
  /// - Complexity: O(*n*).
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let (x, y) = (a.shape, b.shape)
    return zipped(a, b, kernel, "subtract").recorded("subtract", from: a, b) { gradient in
      [gradient.summed(to: x), (-gradient).summed(to: y)]
    }
  }

  /// The elementwise difference. The number takes the tensor's type.
  public static func - (a: Tensor, b: Double) -> Tensor { a - .full([], b, dtype: a.dtype) }

  /// The elementwise difference. The number takes the tensor's type.
  public static func - (a: Double, b: Tensor) -> Tensor { .full([], a, dtype: b.dtype) - b }
}
