/// Elements of `a` where the condition holds and of `b` elsewhere (NumPy's and PyTorch's `where`).
///
///     y[i] = condition[i] ? a[i] : b[i],   da = condition ? dy : 0,   db = condition ? 0 : dy
///
/// - Shapes: three that broadcast together; `condition` of truth values, `a` and `b` of one floating-point type.
/// - Edge cases: selects, never multiplies: a NaN that is not chosen does not show.
/// - Complexity: O(*n*).
public func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
  require(
    condition.dtype == .bool,
    "select: expected a condition of truth values, got \(condition.dtype); compare with .> or .!=")
  require(
    a.dtype == b.dtype,
    "select: expected two tensors of one type, got \(a.dtype) and \(b.dtype); convert one with cast(to:)")
  guard let values = Shape.broadcast(a.shape, b.shape), let shape = Shape.broadcast(condition.shape, values) else {
    fatalError(
      "select: \(condition.shape), \(a.shape) and \(b.shape) do not broadcast together; axes must be equal or 1")
  }
  let chosen = condition.expandedView(to: shape).contiguous()
  let (x, y) = (a.detached().expandedView(to: shape).contiguous(), b.detached().expandedView(to: shape).contiguous())
  let (shapeA, shapeB, dtype) = (a.shape, b.shape, a.dtype)
  return chosen.choosing(x, y).recorded("select", from: a, b) { gradient in
    let zero = Tensor.zeros(shape, dtype: dtype), gradient = gradient.contiguous()
    return [chosen.choosing(gradient, zero).summed(to: shapeA), chosen.choosing(zero, gradient).summed(to: shapeB)]
  }
}

extension Tensor {
  fileprivate func choosing(_ a: Tensor, _ b: Tensor) -> Tensor {
    let flags = pointer(as: Bool.self)
    let result = Storage(count: a.count, dtype: a.dtype)
    func choose<S: TensorScalar>(_ type: S.Type) -> Tensor {
      let (p, q, chosen) = (a.pointer(as: S.self), b.pointer(as: S.self), result.pointer(as: S.self))
      parallelFor(a.count, elements: 1) { range in
        for i in range {
          let (x, y) = (p[i], q[i])  // both are read: a choice of two values, not a branch
          chosen[i] = flags[i] ? x : y
        }
      }
      return Tensor(storage: result, shape: a.shape)
    }
    return a.dtype.withScalarType { choose($0) }
  }
}
