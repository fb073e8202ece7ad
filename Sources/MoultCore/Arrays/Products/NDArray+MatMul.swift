import CMoultKernels

extension NDArray {
  /// Returns the matrix product `[..., m, n]` of `a: [..., m, k]` and `b: [..., k, n]`; leading axes broadcast.
  package static func matmul(_ a: NDArray, _ b: NDArray) -> NDArray {
    let lead = (Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)))
    if lead.0.isEmpty && lead.1.isEmpty {
      let result = Storage(count: a.shape[0] * b.shape[1], dtype: a.dtype)
      multiply(Matrix(a), Matrix(b), into: result, at: 0)
      return NDArray(storage: result, shape: [a.shape[0], b.shape[1]])
    }
    guard let batch = Shape.broadcast(lead.0, lead.1) else {
      fatalError("matmul: the leading axes of \(a.shape) and \(b.shape) do not broadcast together")
    }
    let m = a.shape[a.rank - 2], k = a.shape[a.rank - 1], n = b.shape[b.rank - 1]
    let x = a.broadcast(to: batch + [m, k]), y = b.broadcast(to: batch + [k, n])
    let result = Storage(count: Shape.count(batch + [m, n], "matmul"), dtype: a.dtype)
    var at = 0
    // Each iteration is one matrix: the trailing axis of extent 1 stands for its two axes.
    Strided.forEachRow(shape: batch + [1], x.strides.dropLast(2) + [0], y.strides.dropLast(2) + [0]) { i, j in
      multiply(
        Matrix(x, offset: i, rows: m, columns: k), Matrix(y, offset: j, rows: k, columns: n), into: result, at: at)
      at += m * n
    }
    return NDArray(storage: result, shape: batch + [m, n])
  }
}

/// A matrix inside an array, with its offset and strides in elements.
private struct Matrix {
  let array: NDArray
  let offset: Int
  let rows: Int, columns: Int
  let rowStride: Int, columnStride: Int

  init(_ array: NDArray) { self.init(array, offset: 0, rows: array.shape[0], columns: array.shape[1]) }

  init(_ array: NDArray, offset: Int, rows: Int, columns: Int) {
    self.array = array
    self.offset = offset
    (self.rows, self.columns) = (rows, columns)
    (rowStride, columnStride) = (array.strides[array.rank - 2], array.strides[array.rank - 1])
  }

  func pointer<S: TensorScalar>(as type: S.Type, row: Int = 0, column: Int = 0) -> UnsafeMutablePointer<S> {
    array.pointer(as: S.self) + (offset + row * rowStride + column * columnStride)
  }
}

/// The least number of multiply-adds for which a slice of a product gets a thread of its own.
private let productGrain = 32_768

/// Writes the matrix product of `a` and `b` to `result`, from element `at` on.
///
/// Threads split the columns of the result, or its rows if there are more rows than columns, but never the sum over
/// `k`. There is one slice for each thread, since each thread packs the operand that all slices need.
private func multiply(_ a: Matrix, _ b: Matrix, into result: Storage, at: Int) {
  let (m, n, k) = (a.rows, b.columns, a.columns)
  guard m > 0, n > 0 else { return }
  let byColumns = n >= m, extent = byColumns ? n : m
  a.array.compute()
  b.array.compute()
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
      withExtendedLifetime(scratch) {}
    } else {
      mk_matmul_f64(
        height, width, k, a.pointer(as: Double.self, row: row), a.rowStride, a.columnStride,
        b.pointer(as: Double.self, column: column), b.rowStride, b.columnStride,
        result.pointer(as: Double.self) + at + row * n + column, n)
    }
  }
  withExtendedLifetime((a, b)) {}
}
