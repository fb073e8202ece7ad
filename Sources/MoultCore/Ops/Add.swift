import CMoultKernels

private let kernel = BinaryKernel(f32: mk_add_f32, f64: mk_add_f64)

extension Tensor {
  /// The elementwise sum.
  ///
  ///     y[i] = a[i] + b[i],   da = dy,   db = dy
  ///
  /// - Shapes: any two that broadcast together, aligned at the last axis; both of one floating-point type.
  /// - Complexity: O(*n*).
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    let (x, y) = (a.shape, b.shape)
    return zipped(a, b, kernel, "add").recorded("add", from: a, b) { gradient in
      let gradient = gradient.computed()  // once for both
      return [gradient.summed(to: x), gradient.summed(to: y)]
    }
  }

  /// The elementwise sum. The number takes the tensor's type.
  public static func + (a: Tensor, b: Double) -> Tensor { a + .full([], b, dtype: a.dtype) }

  /// The elementwise sum. The number takes the tensor's type.
  public static func + (a: Double, b: Tensor) -> Tensor { .full([], a, dtype: b.dtype) + b }
}
