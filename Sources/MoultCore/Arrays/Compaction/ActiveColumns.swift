import CMoultKernels

/// The active columns of a matrix: the columns that a dropout mask keeps, if many rows have the same mask.
///
/// Caches compare two `ActiveColumns` by identity (`===`), not by their indices.
final class ActiveColumns: Sendable {
  /// The positions of the active columns, in ascending order.
  let indices: [UInt32]
  /// The number of columns of the matrix, including the dropped columns.
  let total: Int

  /// - Parameter dropped: One byte for each column: 1 if it is dropped, 0 if it is active.
  init(dropped: [UInt8]) {
    indices = dropped.indices.filter { dropped[$0] == 0 }.map { UInt32($0) }
    total = dropped.count
  }

  var count: Int { indices.count }

  /// Copies the active columns of `x`, a contiguous Float32 matrix `[N, total]`, to `result`, `[N, count]`, and
  /// multiplies each element by `scale`.
  func gather(_ x: NDArray, scale: Float = 1, into result: UnsafeMutablePointer<Float>) {
    let from = x.pointer(as: Float.self)
    parallelFor(x.count / total, elements: total) { rows in
      for row in rows {
        let line = from + row * total, to = result + row * count
        for (place, column) in indices.enumerated() { to[place] = line[Int(column)] * scale }
      }
    }
  }

  /// Returns the elements of `x`, a contiguous Float32 vector `[total]`, at the active columns, as a vector `[count]`.
  func gathered(_ x: NDArray) -> NDArray {
    let result = Storage(count: count, dtype: .float32)
    gather(x, into: result.pointer(as: Float.self))
    return NDArray(storage: result, shape: [count])
  }

  /// Writes `columns`, a contiguous Float32 matrix `[N, count]`, to the active columns of `result`, `[N, total]`, and 0
  /// to the dropped columns.
  func scatter(_ columns: NDArray, into result: UnsafeMutablePointer<Float>) {
    let from = columns.pointer(as: Float.self)
    parallelFor(columns.count / count, elements: total) { rows in
      (result + rows.lowerBound * total).update(repeating: 0, count: rows.count * total)
      for row in rows {
        let line = from + row * count, to = result + row * total
        for (place, column) in indices.enumerated() { to[Int(column)] = line[place] }
      }
    }
  }

  /// Calls `body` with the column positions in the form that the C kernels take.
  ///
  /// - Parameters:
  ///   - columns: The active columns; nil for all columns.
  ///   - total: The number of columns of the matrix; it is used if `columns` is nil.
  static func withKernelForm<R>(
    _ columns: ActiveColumns?, of total: Int, _ body: (UnsafePointer<mk_columns>) -> R
  ) -> R {
    (columns?.indices ?? Array(0..<UInt32(total))).withUnsafeBufferPointer { indices in
      withUnsafePointer(to: mk_columns(index: indices.baseAddress, count: indices.count), body)
    }
  }
}

/// A row block: consecutive rows that have the same active columns.
struct ActiveBlock {
  let rows: Range<Int>
  let columns: ActiveColumns

  /// Whether products over the active columns are faster than products over all columns.
  ///
  /// They need fewer multiplications, but have to gather the weights of the active columns first. The saving grows with
  /// the number of rows and about with the square of the rate, since less data is moved too. Several row blocks save
  /// less: the gradient of the weights is then computed over the whole matrices (Documentation/Design/0006).
  ///
  /// - Parameters:
  ///   - count: The number of row blocks, each with its own mask.
  ///   - rows: The number of rows of all blocks together.
  ///   - rate: The dropout rate, in 0..<1.
  static func pays(count: Int, rows: Int, rate: Double) -> Bool {
    count > 0 && Double(rows) * rate * rate >= Double(count == 1 ? 12 : 24 * count)
  }
}
