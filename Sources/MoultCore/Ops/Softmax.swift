/// Positive numbers that add up to 1 along an axis.
///
///     y[i] = e^x[i] / Σ_j e^x[j],   dx = y (dy - Σ_j dy[j] y[j])
///
/// - Shapes: any, kept.
/// - Edge cases: the largest element is taken off first, so nothing overflows.
/// - Complexity: O(*n*).
public func softmax(_ x: Tensor, axis: Int = -1) -> Tensor {
  let axis = Shape.axis(axis, rank: x.rank, "softmax")
  x.requireFloatingPoint("softmax")
  let y = x.values.mappedRows(.softmax, axis: axis)
  return y.recorded("softmax", from: x) { gradient in
    let product = gradient * y
    return product - y * product.sum(axis: axis, keepingDimensions: true)
  }
}
