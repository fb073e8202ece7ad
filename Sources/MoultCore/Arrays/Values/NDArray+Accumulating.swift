/// Additions in place, for sums of gradients. No other owner may share the array's storage.
extension NDArray {
  /// Adds `values`, an array of the same shape, to the elements of this array or view.
  package func addInPlace(_ values: NDArray) {
    let values = values.contiguous()
    if dtype == .float32 { add(values, Float.self) } else { add(values, Double.self) }
    withExtendedLifetime(values) {}
  }

  private func add<S: TensorScalar & FloatingPoint>(_ values: NDArray, _ type: S.Type) {
    guard count > 0 else { return }
    let from = values.pointer(as: S.self)
    if isContiguous {
      let to = pointer(as: S.self)
      parallelFor(count, elements: 1) { range in
        for i in range { to[i] += from[i] }
      }
      return
    }
    let to = storage.pointer(as: S.self) + offset, inner = shape[rank - 1], step = strides[rank - 1]
    let (shape, strides) = (shape, strides)
    parallelFor(count / inner, elements: inner) { rows in
      var row = from + rows.lowerBound * inner
      Strided.forEachRow(rows, shape: shape, strides, strides) { start, _ in
        let to = to + start
        for i in 0..<inner { to[i * step] += row[i] }
        row += inner
      }
    }
  }

  /// Adds row `i` of `values` to row `rows[i]` of this contiguous array, in the order of `rows`.
  ///
  /// - Complexity: O(*n*) in the size of `values`. Threads split the columns, so that the order of additions does not
  ///   change.
  package func addInPlace(_ values: NDArray, toRows rows: [Int]) {
    let values = values.contiguous(), width = shape.dropFirst().reduce(1, *)
    func add<S: TensorScalar & FloatingPoint>(_ type: S.Type) {
      let (from, to) = (values.pointer(as: S.self), pointer(as: S.self))
      parallelFor(width, elements: rows.count, multipleOf: 16) { columns in
        for (i, row) in rows.enumerated() {
          let (from, to) = (from + i * width, to + row * width)
          for column in columns { to[column] += from[column] }
        }
      }
    }
    guard values.count > 0 else { return }
    if dtype == .float32 { add(Float.self) } else { add(Double.self) }
    withExtendedLifetime(values) {}
  }
}
