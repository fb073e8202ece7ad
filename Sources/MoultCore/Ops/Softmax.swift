/// Returns the softmax of the elements along `axis`: positive numbers that add up to 1.
///
///     y[i] = e^x[i] / Σ_j e^x[j],   dx = y (dy - Σ_j dy[j] y[j])
///
/// - Parameter axis: the axis of the sum, counted from the end if negative.
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: the largest element is subtracted first, so that nothing overflows.
/// - Complexity: O(*n*).
public func softmax(_ x: Tensor, axis: Int = -1) -> Tensor {
  let axis = Shape.axis(axis, rank: x.rank, "softmax")
  x.requireFloatingPoint("softmax")
  let y = x.values.mappedRows(.softmax, axis: axis)
  return y.recorded("softmax", ["axis": .int(axis)], from: x) { gradient in
    let product = gradient * y
    return product - y * product.sum(axis: axis, keepingDimensions: true)
  }
}
