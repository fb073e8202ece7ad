/// Returns the elements of `a` where `condition` is true and those of `b` elsewhere (NumPy's and PyTorch's `where`).
///
///     y[i] = condition[i] ? a[i] : b[i],   da = condition ? dy : 0,   db = condition ? 0 : dy
///
/// - Shapes: three that broadcast -> the broadcast shape; `condition` is a Bool tensor, `a` and `b` are of one dtype.
/// - Edge cases: elements are selected, not multiplied: NaN has no effect where it is not selected.
/// - Complexity: O(*n*).
public func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
  require(
    condition.dtype == .bool,
    "select: expected a condition of truth values, got \(condition.dtype); compare with .> or .!=")
  require(
    a.dtype == b.dtype,
    "select: expected two tensors of one type, got \(a.dtype) and \(b.dtype); convert one with cast(to:)")
  let flags = condition.values, (shapeA, shapeB, dtype) = (a.shape, b.shape, a.dtype)
  return NDArray.selected(flags, a.values, b.values, "select").recorded("select", from: condition, a, b) { gradient in
    let zero = NDArray.zeros([], dtype: dtype)
    return [
      nil,
      .values(NDArray.selected(flags, gradient, zero, "select").summed(to: shapeA)),
      .values(NDArray.selected(flags, zero, gradient, "select").summed(to: shapeB)),
    ]
  }
}

/// Returns the elements of `a` where `condition` is true and a number, converted to the dtype of `a`, elsewhere. Stops
/// the program if an integer dtype cannot hold the number.
public func select(_ condition: Tensor, _ a: Tensor, _ b: Double) -> Tensor {
  select(condition, a, Tensor(a.values.number(b, "select")))
}

/// Returns a number, converted to the dtype of `b`, where `condition` is true and the elements of `b` elsewhere. Stops
/// the program if an integer dtype cannot hold the number.
public func select(_ condition: Tensor, _ a: Double, _ b: Tensor) -> Tensor {
  select(condition, Tensor(b.values.number(a, "select")), b)
}
