extension NDArray {
  /// Returns the positions along `axis` that put each line in order: an Int64 array of this shape.
  ///
  /// Equal elements keep their order. NaN counts as larger than all numbers.
  package func sortedPositions(axis: Int, descending: Bool) -> NDArray {
    let order = (0..<rank).filter { $0 != axis } + [axis], n = shape[axis]
    let source = permuted(order).contiguous(), result = Storage(count: count, dtype: .int64)
    let places = result.pointer(as: Int64.self)
    func sort<S: TensorScalar & Comparable>(_ type: S.Type) {
      let x = source.pointer(as: S.self)
      parallelFor(count / Swift.max(n, 1), elements: 8 * n) { lines in
        for line in lines {
          let start = x + line * n
          var entries = (0..<n).map { (value: start[$0], place: Int64($0)) }
          // The sort of the standard library is stable. Only NaN differs from itself.
          if descending {
            entries.sort { $0.value > $1.value || ($0.value != $0.value && $1.value == $1.value) }
          } else {
            entries.sort { $0.value < $1.value || ($0.value == $0.value && $1.value != $1.value) }
          }
          for (i, entry) in entries.enumerated() { places[line * n + i] = entry.place }
        }
      }
    }
    switch dtype {
    case .float32: sort(Float.self)
    case .float64: sort(Double.self)
    case .float16, .bfloat16: requireFullPrecision("argsort")
    case .int64: sort(Int64.self)
    case .int32: sort(Int32.self)
    case .uint8, .bool: sort(UInt8.self)
    }
    withExtendedLifetime(source) {}
    return NDArray(storage: result, shape: order.map { shape[$0] }).permuted(Shape.inverse(ofOrder: order))
  }
}
