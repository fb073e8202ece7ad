import CMoultKernels

/// The columns of a matrix that are not dropped, where a dropout mask is the same for many rows.
///
/// Identity counts: the same columns are the same object.
final class ActiveColumns: Sendable {
  /// In ascending order.
  let indices: [UInt32]
  /// How many columns there are in all.
  let total: Int

  /// - Parameter dropped: 1 for each column that is dropped.
  init(dropped: [UInt8]) {
    indices = dropped.indices.filter { dropped[$0] == 0 }.map { UInt32($0) }
    total = dropped.count
  }

  var count: Int { indices.count }

  /// These columns of a contiguous Float32 matrix `[N, total]`, `[N, count]`, times `scale`.
  func gather(_ x: NDArray, scale: Float = 1, into result: UnsafeMutablePointer<Float>) {
    let from = x.pointer(as: Float.self)
    parallelFor(x.count / total, elements: total) { rows in
      for row in rows {
        let line = from + row * total, to = result + row * count
        for (place, column) in indices.enumerated() { to[place] = line[Int(column)] * scale }
      }
    }
  }

  /// These elements of a contiguous Float32 vector.
  func gathered(_ x: NDArray) -> NDArray {
    let result = Storage(count: count, dtype: .float32)
    gather(x, into: result.pointer(as: Float.self))
    return NDArray(storage: result, shape: [count])
  }

  /// A contiguous Float32 matrix `[N, count]` as these columns among zeros, `[N, total]`.
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

  /// Calls `body` with the columns as kernels take them; all of `total` for nil.
  static func withKernelForm<R>(
    _ columns: ActiveColumns?, of total: Int, _ body: (UnsafePointer<mk_columns>) -> R
  ) -> R {
    (columns?.indices ?? Array(0..<UInt32(total))).withUnsafeBufferPointer { indices in
      withUnsafePointer(to: mk_columns(index: indices.baseAddress, count: indices.count), body)
    }
  }
}

/// Consecutive rows that have the same active columns.
struct ActiveBlock {
  let rows: Range<Int>
  let columns: ActiveColumns

  /// Whether leaving columns out of the products saves more than gathering the weights of the others costs.
  ///
  /// The saving grows with the rows and, since fewer columns are also moved, about with the square of the rate. Several
  /// blocks save less: the gradient of the weights has to be taken over all of them (Documentation/Design/0006).
  static func pays(count: Int, rows: Int, rate: Double) -> Bool {
    count > 0 && Double(rows) * rate * rate >= Double(count == 1 ? 12 : 24 * count)
  }
}
