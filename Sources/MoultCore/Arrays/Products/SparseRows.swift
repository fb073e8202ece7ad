import CMoultKernels

/// The rows of an operand as a product takes them: dense, or sparse, that is compressed to their non-zero elements.
struct SparseRows {
  private let raw: mk_rows
  /// What `raw` points into.
  private let kept: [Storage]

  /// Above this density a product takes dense rows: compressing costs time, and a product of sparse rows loads the
  /// panel anew for each row. Both give the same bits, so this decides time alone.
  static let greatestDensity = 0.6
  /// The same for results of one to five vectors: there an entry waits four cycles for the one before, while the dense
  /// kernel takes many rows at once.
  private static let greatestNarrowDensities = [0.1, 0.15, 0.27, 0.4, 0.5]

  /// Whether rows of such a density are compressed for a product with `width` results a row.
  static func isWorthIt(density: Double, width: Int) -> Bool {
    let vectors = (width + 15) / 16
    return density
      <= (vectors > greatestNarrowDensities.count ? greatestDensity : greatestNarrowDensities[max(vectors, 1) - 1])
  }

  /// The rows of `x: [rows, n]`.
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

  /// The columns of `x: [n, rows]`, as rows.
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

  /// Calls `body` with the rows, which live that long.
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

  /// Rows that are compressed together.
  private static let group = Int(MK_GROUP)
}

extension NDArray {
  /// How many rows are sampled to estimate the density, which only chooses between dense and sparse rows.
  private static let sampledRows = 16

  /// Which part of the elements of a contiguous Float32 matrix is not zero: about, from some of its rows, or counted.
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
