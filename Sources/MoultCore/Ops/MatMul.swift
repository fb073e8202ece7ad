/// Returns the matrix product of two tensors.
///
///     y[i, j] = Σ_k a[i, k] b[k, j],   da = dy bᵀ,   db = aᵀ dy
///
/// - Shapes: `a: [..., m, k]`, `b: [..., k, n]` -> `[..., m, n]`; leading axes broadcast. A vector on the left counts
///   as a row, a vector on the right as a column; the added axis is removed from the result.
/// - Edge cases: `k == 0` gives zeros.
/// - Complexity: O(*m n k*). Transposed operands cost nothing extra.
public func matmul(_ a: Tensor, _ b: Tensor) -> Tensor {
  require(
    a.rank > 0 && b.rank > 0,
    "matmul: expected tensors of rank 1 or more, got \(a.shape) and \(b.shape); use * to scale")
  if a.rank == 1 { return matmul(a.unsqueezed(axis: 0), b).squeezed(axis: b.rank == 1 ? 0 : -2) }
  if b.rank == 1 { return matmul(a, b.unsqueezed(axis: 1)).squeezed(axis: -1) }
  let inner = a.shape[a.rank - 1]
  require(
    inner == b.shape[b.rank - 2],
    "matmul: the last axis of \(a.shape) must match the last but one of \(b.shape); \(inner) is not \(b.shape[b.rank - 2])"
  )
  a.requireFloatingPoint("matmul")
  require(
    a.dtype == b.dtype,
    "matmul: expected two tensors of one type, got \(a.dtype) and \(b.dtype); convert one with cast(to:)")
  let (x, y) = (a.values, b.values), needsA = a.node != nil, needsB = b.node != nil
  return NDArray.matmul(x, y).recorded("matmul", from: a, b) { gradient in
    [
      needsA ? .values(NDArray.matmul(gradient, y.transposed()).summed(to: x.shape)) : nil,
      needsB ? .values(NDArray.matmul(x.transposed(), gradient).summed(to: y.shape)) : nil,
    ]
  }
}
