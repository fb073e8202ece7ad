import CMoultKernels

/// The rows of an operand of a product: dense, or sparse, that is compressed to their non-zero elements.
struct SparseRows {
  private let raw: mk_rows
  /// The storages that `raw` points into.
  private let kept: [Storage]

  /// The greatest density at which rows are compressed. Above it dense rows are faster: compression takes time, and a
  /// product of sparse rows loads the panel again for each row. Both give the same bits.
  static let greatestDensity = 0.6
  /// The greatest densities for results of 1 to 5 vectors of 16 columns. They are lower, since a sparse row then waits
  /// for each multiply-add, about four cycles, while the dense kernel computes many rows at once.
  private static let greatestNarrowDensities = [0.1, 0.15, 0.27, 0.4, 0.5]

  /// Whether compressing the rows makes a product faster.
  ///
  /// - Parameters:
  ///   - density: The fraction of non-zero elements, in 0...1.
  ///   - width: The number of columns of the product.
  static func isWorthIt(density: Double, width: Int) -> Bool {
    let vectors = (width + 15) / 16
    return density
      <= (vectors > greatestNarrowDensities.count ? greatestDensity : greatestNarrowDensities[max(vectors, 1) - 1])
  }

  /// Makes the rows of `x: [rows, n]`, contiguous Float32.
  ///
  /// - Parameter useSparse: Whether the rows are compressed.
  init(of x: NDArray, useSparse: Bool) {
    let rows = x.shape[0], n = x.shape[1], from = x.pointer(as: Float.self)
    guard useSparse else {
      raw = mk_rows(n: n, dense: from, ld: n, sparse: nil)
      kept = [x.storage]
      return
    }
    (raw, kept) = Self.compressed(rows: rows, n: n)
    var sparse = raw
    parallelFor(rows, elements: n, multipleOf: Self.group) { range in
      mk_compress_rows(&sparse, from, n, range.lowerBound, range.upperBound)
    }
  }

  /// Makes rows from the columns of `x: [n, rows]`, contiguous Float32.
  ///
  /// - Parameter useSparse: Whether the rows are compressed.
  init(columnsOf x: NDArray, useSparse: Bool) {
    let n = x.shape[0], rows = x.shape[1], from = x.pointer(as: Float.self)
    guard useSparse else {
      let transposed = Storage(count: rows * n, dtype: .float32), to = transposed.pointer(as: Float.self)
      parallelFor(rows, elements: n, multipleOf: Self.group) { range in
        mk_transpose_f32(n, range.count, from + range.lowerBound, rows, to + range.lowerBound * n, n)
      }
      raw = mk_rows(n: n, dense: to, ld: n, sparse: nil)
      kept = [transposed]
      return
    }
    (raw, kept) = Self.compressed(rows: rows, n: n)
    var sparse = raw
    parallelFor(rows, elements: n, multipleOf: Self.group) { range in
      mk_compress_columns(
        &sparse, from, rows, range.lowerBound, range.upperBound)
    }
  }

  /// Calls `body` with the rows in the form that the C kernels take; they are valid during the call only.
  func withKernelForm(_ body: (UnsafePointer<mk_rows>) -> Void) {
    withExtendedLifetime(kept) { withUnsafePointer(to: raw, body) }
  }

  private static func compressed(rows: Int, n: Int) -> (mk_rows, [Storage]) {
    let storage = Storage(
      count: mk_sparse_groups(rows, n) * MemoryLayout<mk_sparse_group>.size / DType.float32.byteCount, dtype: .float32)
    let raw = mk_rows(
      n: n, dense: nil, ld: 0, sparse: storage.pointer.assumingMemoryBound(to: mk_sparse_group.self))
    return (raw, [storage])
  }

  /// The number of rows that are compressed together.
  private static let group = Int(MK_GROUP)
}

extension NDArray {
  /// The least number of rows that are sampled to estimate a density, which only decides between dense and sparse rows.
  private static let sampledRows = 16

  /// Returns the fraction of non-zero elements of this contiguous Float32 matrix, in 0...1.
  ///
  /// - Parameter countingAll: Whether all elements are counted; otherwise the fraction is estimated from some of the
  ///   rows.
  func density(countingAll: Bool = false) -> Double {
    let rows = shape[0], n = shape[1], step = countingAll ? 1 : Swift.max(1, rows / Self.sampledRows)
    guard count > 0 else { return 0 }
    let x = pointer(as: Float.self)
    var found = 0, seen = 0
    for row in stride(from: 0, to: rows, by: step) {
      found += mk_count_nonzero(n, x + row * n)
      seen += n
    }
    return Double(found) / Double(seen)
  }
}
