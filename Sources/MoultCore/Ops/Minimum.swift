/// Returns the smaller of each two elements.
///
///     y[i] = min(a[i], b[i]),   da = a < b ? dy : a == b ? dy / 2 : 0,   db likewise
///
/// - Shapes: two that broadcast -> the broadcast shape; both tensors of one floating-point or integer dtype.
/// - Edge cases: NaN if one of both is NaN.
/// - Complexity: O(*n*).
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { extremum(a, b, .minimum, loses: .greater, "minimum") }

/// Returns the smaller of each element and a number, which is converted to the tensor's dtype.
public func minimum(_ x: Tensor, _ number: Double) -> Tensor { minimum(x, Tensor(x.values.number(number, "minimum"))) }

/// Returns the smaller or the larger of each two elements.
///
/// - Parameter loses: the comparison that is true for an element that is not the result.
func extremum(
  _ a: Tensor, _ b: Tensor, _ kernel: BinaryKernel, loses: Comparison, _ operation: StaticString
) -> Tensor {
  let (x, y) = (a.values, b.values), needsA = a.node != nil, needsB = b.node != nil
  return NDArray.zipped(x, y, kernel, operation).recorded(operation, from: a, b) { gradient in
    let zero = NDArray.zeros([], dtype: gradient.dtype)
    let shared = NDArray.selected(.compared(x, y, .equal, "\(operation)"), gradient * 0.5, gradient, "\(operation)")
    func part(_ own: NDArray, _ other: NDArray) -> Contribution {
      let lost = NDArray.compared(own, other, loses, "\(operation)")
      return .values(NDArray.selected(lost, zero, shared, "\(operation)").summed(to: own.shape))
    }
    return [needsA ? part(x, y) : nil, needsB ? part(y, x) : nil]
  }
}
