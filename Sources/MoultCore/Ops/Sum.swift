import CMoultKernels

extension Tensor {
  /// The sum of all elements, or along `axes`.
  ///
  ///     y = Σ x[i],   dx[i] = dy
  ///
  /// - Parameters:
  ///   - axes: the axes to add up, negative ones counted from the last; all of them when nil.
  ///   - keepingDimensions: leaves those axes in the shape with extent 1.
  /// - Edge cases: an empty sum is 0.
  /// - Complexity: O(*n*). The order of additions is fixed: it depends on the shape alone.
  public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    requireFloatingPoint("sum")
    let reduction = Reduction(shape: shape, axes: axes, "sum")
    let total = reduction.sum(self)
    let result = keepingDimensions ? total.view(reduction.keptShape) : total
    return result.recorded("sum", from: self) { gradient in
      [gradient.view(reduction.keptShape).expandedView(to: reduction.shape)]
    }
  }

  /// The sum along one axis.
  public func sum(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    sum(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// This tensor, a broadcast's gradient, added up to the shape that was broadcast.
  package func summed(to target: [Int]) -> Tensor {
    guard shape != target else { return self }
    let lead = rank - target.count
    let axes = (0..<rank).filter { $0 < lead || (target[$0 - lead] == 1 && shape[$0] != 1) }
    return Reduction(shape: shape, axes: axes, "sum").sum(self).view(target)
  }

  /// A contiguous tensor in another shape of as many elements, without a history.
  package func view(_ shape: [Int]) -> Tensor {
    // Rows that repeat need not be computed to be named anew.
    let flat = isContiguous && storage.deferred is DeferredRepeat ? self : contiguous()
    return Tensor(storage: flat.storage, shape: shape, offset: flat.offset)
  }
}

/// Which axes a reduction removes.
struct Reduction: Sendable {
  let shape: [Int]
  let removed: [Int]
  let kept: [Int]

  init(shape: [Int], axes: [Int]?, _ caller: StaticString) {
    self.shape = shape
    let resolved = (axes ?? Array(shape.indices)).map { Shape.axis($0, rank: shape.count, "\(caller)") }
    require(Set(resolved).count == resolved.count, "\(caller): an axis is named twice in \(axes ?? [])")
    removed = resolved.sorted()
    kept = shape.indices.filter { !resolved.contains($0) }
  }

  var resultShape: [Int] { kept.map { shape[$0] } }
  var keptShape: [Int] { shape.indices.map { removed.contains($0) ? 1 : shape[$0] } }
  var removedCount: Int { removed.map { shape[$0] }.reduce(1, *) }

  func sum(_ x: Tensor) -> Tensor {
    guard !removed.isEmpty else { return x.contiguous() }
    let rows = resultShape.reduce(1, *), n = removedCount
    let result = Storage(count: rows, dtype: x.dtype)
    // Leading axes of a contiguous tensor go column by column, all else is laid out as one row a result.
    let byColumns = removed == Array(0..<removed.count) && !kept.isEmpty
    let source = byColumns ? x.contiguous() : x.detached().permuted(kept + removed).contiguous()
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
    return Tensor(storage: result, shape: resultShape)
  }
}
