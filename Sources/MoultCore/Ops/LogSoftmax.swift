/// Returns the logarithm of ``softmax(_:axis:)``, computed directly, so that it is accurate for small probabilities.
///
///     y[i] = x[i] - ln Σ_j e^x[j],   dx = dy - softmax(x) Σ_j dy[j]
///
/// - Parameter axis: the axis of the sum, counted from the end if negative.
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Complexity: O(*n*).
public func logSoftmax(_ x: Tensor, axis: Int = -1) -> Tensor {
  let axis = Shape.axis(axis, rank: x.rank, "logSoftmax")
  x.requireFloatingPoint("logSoftmax")
  let y = x.values.mappedRows(.logSoftmax, axis: axis)
  return y.recorded("logSoftmax", ["axis": .int(axis)], from: x) { gradient in
    gradient - y.mapped(.exp, "exp") * gradient.sum(axis: axis, keepingDimensions: true)
  }
}
