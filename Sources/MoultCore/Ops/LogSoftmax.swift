/// The logarithm of ``softmax(_:axis:)``, computed without its rounding.
///
///     y[i] = x[i] - ln Σ_j e^x[j],   dx = dy - softmax(x) Σ_j dy[j]
///
/// - Shapes: any, kept.
/// - Complexity: O(*n*).
public func logSoftmax(_ x: Tensor, axis: Int = -1) -> Tensor {
  let axis = Shape.axis(axis, rank: x.rank, "logSoftmax")
  x.requireFloatingPoint("logSoftmax")
  let y = x.values.mappedRows(.logSoftmax, axis: axis)
  return y.recorded("logSoftmax", from: x) { gradient in
    gradient - y.mapped(.exp, "exp") * gradient.sum(axis: axis, keepingDimensions: true)
  }
}
