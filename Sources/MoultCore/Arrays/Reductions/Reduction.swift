import CMoultKernels

/// The axes that a reduction of an array removes, and the axes that it keeps.
struct Reduction: Sendable {
  let shape: [Int]
  let removed: [Int]
  let kept: [Int]

  init(shape: [Int], axes: [Int]?, _ caller: StaticString) {
    self.init(
      shape: shape,
      removing: axes.map { axes in axes.map { Shape.axis($0, rank: shape.count, "\(caller)") }.sorted() }
        ?? Array(shape.indices))
    for (axis, next) in zip(removed, removed.dropFirst()) {
      require(axis != next, "\(caller): an axis is named twice in \(axes ?? [])")
    }
  }

  /// - Parameter removed: The axes to remove, in ascending order.
  private init(shape: [Int], removing removed: [Int]) {
    (self.shape, self.removed) = (shape, removed)
    kept = [Int](unsafeUninitializedCapacity: shape.count) { buffer, count in
      for axis in shape.indices where !removed.contains(axis) {
        buffer.initializeElement(at: count, to: axis)
        count += 1
      }
    }
  }

  init(shape: [Int], axis: Int, _ caller: StaticString) {
    self.init(shape: shape, removing: [Shape.axis(axis, rank: shape.count, "\(caller)")])
  }

  var resultShape: [Int] { kept.map { shape[$0] } }
  var keptShape: [Int] { shape.indices.map { removed.contains($0) ? 1 : shape[$0] } }
  var removedCount: Int { removed.map { shape[$0] }.reduce(1, *) }

  func sum(_ x: NDArray) -> NDArray {
    guard !removed.isEmpty else { return x.contiguous() }
    let rows = resultShape.reduce(1, *), n = removedCount
    let result = Storage(count: rows, dtype: x.dtype)
    // If the leading axes are removed, the columns of a contiguous array are summed; otherwise each result is the sum
    // of one row.
    let byColumns = removed.last == removed.count - 1 && !kept.isEmpty
    let source = byColumns ? x.contiguous() : x.permuted(kept + removed).contiguous()
    source.compute()  // Pending elements are computed by all threads, before the threads split the sums.
    if byColumns {
      parallelFor(rows, elements: n, multipleOf: 64) { range in
        let i = range.lowerBound
        if x.dtype == .float32 {
          mk_sum_columns_f32(
            n, range.count, source.pointer(as: Float.self) + i, rows, result.pointer(as: Float.self) + i)
        } else {
          mk_sum_columns_f64(
            n, range.count, source.pointer(as: Double.self) + i, rows, result.pointer(as: Double.self) + i)
        }
      }
    } else {
      parallelFor(rows, elements: n) { range in
        let i = range.lowerBound
        if x.dtype == .float32 {
          mk_sum_rows_f32(range.count, n, source.pointer(as: Float.self) + i * n, n, result.pointer(as: Float.self) + i)
        } else {
          mk_sum_rows_f64(
            range.count, n, source.pointer(as: Double.self) + i * n, n, result.pointer(as: Double.self) + i)
        }
      }
    }
    withExtendedLifetime(source) {}
    return NDArray(storage: result, shape: resultShape)
  }
}

extension NDArray {
  /// Returns the sum of all elements, an array of rank 0.
  package func total() -> NDArray {
    let x = contiguous(), result = Storage(count: 1, dtype: dtype)
    if dtype == .float32 {
      mk_sum_rows_f32(1, x.count, x.pointer(as: Float.self), x.count, result.pointer(as: Float.self))
    } else {
      mk_sum_rows_f64(1, x.count, x.pointer(as: Double.self), x.count, result.pointer(as: Double.self))
    }
    withExtendedLifetime(x) {}
    return NDArray(storage: result, shape: [])
  }

  /// Returns the sum along `axis`, which is removed, or kept with extent 1 if `keepingDimensions` is true.
  package func sum(axis: Int, keepingDimensions: Bool = false) -> NDArray {
    let reduction = Reduction(shape: shape, axis: axis, "sum"), total = reduction.sum(self)
    return keepingDimensions ? total.reshaped(reduction.keptShape) : total
  }

  /// Returns the gradient of an array of shape `target`, if this array is the gradient of its broadcast: the sum along
  /// the axes that were broadcast.
  package func summed(to target: [Int]) -> NDArray {
    guard shape != target else { return self }
    let lead = rank - target.count
    let axes = (0..<rank).filter { $0 < lead || (target[$0 - lead] == 1 && shape[$0] != 1) }
    return Reduction(shape: shape, axes: axes, "sum").sum(self).reshaped(target)
  }
}
