import CMoultKernels

/// Positive numbers that add up to 1 along an axis.
///
///     y[i] = e^x[i] / Σ_j e^x[j],   dx = y (dy - Σ_j dy[j] y[j])
///
/// - Shapes: any, kept.
/// - Edge cases: the largest element is taken off first, so nothing overflows.
/// - Complexity: O(*n*).
public func softmax(_ x: Tensor, axis: Int = -1) -> Tensor {
  let axis = Shape.axis(axis, rank: x.rank, "softmax")
  let y = alongLastAxis(x, axis, "softmax") { rows, n, from, to in
    mk_softmax_f32(rows, n, from, to)
  } double: { rows, n, from, to in
    mk_softmax_f64(rows, n, from, to)
  }
  return y.recorded("softmax", from: x) { gradient in
    let product = gradient * y
    return [product - y * product.sum(axis: axis, keepingDimensions: true)]
  }
}

/// A row-wise kernel along any axis, without a history.
func alongLastAxis(
  _ x: Tensor, _ axis: Int, _ caller: StaticString,
  float: (Int, Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void,
  double: (Int, Int, UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
) -> Tensor {
  x.requireFloatingPoint("\(caller)")
  let plain = x.detached()
  guard axis == x.rank - 1 else {
    let swapped = plain.transposed(axis, x.rank - 1)
    return alongLastAxis(swapped, x.rank - 1, caller, float: float, double: double).transposed(axis, x.rank - 1)
      .contiguous()
  }
  let source = plain.contiguous(), n = x.shape[axis], rows = n > 0 ? x.count / n : 0
  let result = Storage(count: x.count, dtype: x.dtype)
  parallelFor(rows, grain: max(1, 4096 / max(n, 1))) { range in
    let at = range.lowerBound * n
    if x.dtype == .float32 {
      float(range.count, n, source.pointer(as: Float.self) + at, result.pointer(as: Float.self) + at)
    } else {
      double(range.count, n, source.pointer(as: Double.self) + at, result.pointer(as: Double.self) + at)
    }
  }
  return Tensor(storage: result, shape: x.shape)
}
