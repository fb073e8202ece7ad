import CMoultKernels

/// The logarithm of ``softmax(_:axis:)``, computed without its rounding.
///
///     y[i] = x[i] - ln Σ_j e^x[j],   dx = dy - softmax(x) Σ_j dy[j]
///
/// - Shapes: any, kept.
/// - Complexity: O(*n*).
public func logSoftmax(_ x: Tensor, axis: Int = -1) -> Tensor {
  let axis = Shape.axis(axis, rank: x.rank, "logSoftmax")
  let y = alongLastAxis(x, axis, "logSoftmax") { rows, n, from, to in
    mk_log_softmax_f32(rows, n, from, to)
  } double: { rows, n, from, to in
    mk_log_softmax_f64(rows, n, from, to)
  }
  return y.recorded("logSoftmax", from: x) { gradient in
    [gradient - exp(y) * gradient.sum(axis: axis, keepingDimensions: true)]
  }
}
