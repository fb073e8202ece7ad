import CMoultKernels

/// The matrix product.
///
///     y[i, j] = Σ_k a[i, k] b[k, j],   da = dy bᵀ,   db = aᵀ dy
///
/// - Shapes: `a: [..., m, k]`, `b: [..., k, n]` -> `[..., m, n]`; leading axes broadcast. A vector on the left is a row, on
///   the right a column, and its axis goes from the result.
/// - Edge cases: `k == 0` gives zeros.
/// - Complexity: O(*m n k*). Transposed operands cost nothing extra.
public func matmul(_ a: Tensor, _ b: Tensor) -> Tensor {
  require(
    a.rank > 0 && b.rank > 0,
    "matmul: expected tensors of rank 1 or more, got \(a.shape) and \(b.shape); use * to scale")
  if a.rank == 1 { return matmul(a.expanded(axis: 0), b).squeezed(axis: b.rank == 1 ? 0 : -2) }
  if b.rank == 1 { return matmul(a, b.expanded(axis: 1)).squeezed(axis: -1) }
  let inner = a.shape[a.rank - 1]
  require(
    inner == b.shape[b.rank - 2],
    "matmul: the last axis of \(a.shape) must match the last but one of \(b.shape); \(inner) is not \(b.shape[b.rank - 2])"
  )
  a.requireFloatingPoint("matmul")
  require(
    a.dtype == b.dtype,
    "matmul: expected two tensors of one type, got \(a.dtype) and \(b.dtype); convert one with cast(to:)")
  let (x, y) = (a.detached(), b.detached()), needsA = a.node != nil, needsB = b.node != nil
  return batchedProduct(x, y).recorded("matmul", from: a, b) { gradient in
    [
      needsA ? batchedProduct(gradient, y.transposed()).summed(to: x.shape) : nil,
      needsB ? batchedProduct(x.transposed(), gradient).summed(to: y.shape) : nil,
    ]
  }
}

private func batchedProduct(_ a: Tensor, _ b: Tensor) -> Tensor {
  let lead = (Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)))
  if lead.0.isEmpty && lead.1.isEmpty { return product(a, b) }
  guard let batch = Shape.broadcast(lead.0, lead.1) else {
    fatalError("matmul: the leading axes of \(a.shape) and \(b.shape) do not broadcast together")
  }
  let m = a.shape[a.rank - 2], k = a.shape[a.rank - 1], n = b.shape[b.rank - 1]
  let x = a.expandedView(to: batch + [m, k]), y = b.expandedView(to: batch + [k, n])
  let result = Storage(count: Shape.count(batch + [m, n], "matmul"), dtype: a.dtype)
  var at = 0
  // One row of the walk is one matrix: a trailing axis of 1 stands for it.
  Strided.forEachRow(shape: batch + [1], x.strides.dropLast(2) + [0], y.strides.dropLast(2) + [0]) { i, j in
    multiply(
      Matrix(x, offset: i, rows: m, columns: k), Matrix(y, offset: j, rows: k, columns: n), into: result, at: at)
    at += m * n
  }
  return Tensor(storage: result, shape: batch + [m, n])
}

/// The product of two matrices without a history.
package func product(_ a: Tensor, _ b: Tensor) -> Tensor {
  let result = Storage(count: a.shape[0] * b.shape[1], dtype: a.dtype)
  multiply(Matrix(a), Matrix(b), into: result, at: 0)
  return Tensor(storage: result, shape: [a.shape[0], b.shape[1]])
}

/// A strided matrix in somebody else's buffer.
private struct Matrix {
  let tensor: Tensor
  let offset: Int
  let rows: Int, columns: Int
  let rowStride: Int, columnStride: Int

  init(_ tensor: Tensor) { self.init(tensor, offset: 0, rows: tensor.shape[0], columns: tensor.shape[1]) }

  init(_ tensor: Tensor, offset: Int, rows: Int, columns: Int) {
    self.tensor = tensor
    self.offset = offset
    (self.rows, self.columns) = (rows, columns)
    (rowStride, columnStride) = (tensor.strides[tensor.rank - 2], tensor.strides[tensor.rank - 1])
  }

  func pointer<S: TensorScalar>(as type: S.Type, row: Int = 0, column: Int = 0) -> UnsafeMutablePointer<S> {
    tensor.pointer(as: S.self) + (offset + row * rowStride + column * columnStride)
  }
}

/// Below this many multiplications a slice of a product is not worth a thread.
private let productGrain = 32_768

/// Threads share out columns of the result where it is wide, else rows: never the sum. There is one slice a thread, since
/// each packs the operand that it shares with the others.
private func multiply(_ a: Matrix, _ b: Matrix, into result: Storage, at: Int) {
  let (m, n, k) = (a.rows, b.columns, a.columns)
  guard m > 0, n > 0 else { return }
  let byColumns = n >= m, extent = byColumns ? n : m
  a.tensor.computed()
  b.tensor.computed()
  let slices = min(threadCount, m * n * max(k, 1) / productGrain, (extent + 15) / 16)
  parallelFor(extent, grain: 16, slices: slices) { range in
    let row = byColumns ? 0 : range.lowerBound, column = byColumns ? range.lowerBound : 0
    let height = byColumns ? m : range.count, width = byColumns ? range.count : n
    if result.dtype == .float32 {
      let scratch = Storage(count: mk_matmul_f32_scratch(height, width, k), dtype: .float32)
      mk_matmul_f32(
        height, width, k, a.pointer(as: Float.self, row: row), a.rowStride, a.columnStride,
        b.pointer(as: Float.self, column: column), b.rowStride, b.columnStride,
        result.pointer(as: Float.self) + at + row * n + column, n, scratch.pointer(as: Float.self))
    } else {
      mk_matmul_f64(
        height, width, k, a.pointer(as: Double.self, row: row), a.rowStride, a.columnStride,
        b.pointer(as: Double.self, column: column), b.rowStride, b.columnStride,
        result.pointer(as: Double.self) + at + row * n + column, n)
    }
  }
}
