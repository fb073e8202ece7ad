extension NDArray {
  /// Returns the positions of the largest elements along `axis`, or of the smallest if `largest` is false: an Int64
  /// array without that axis.
  ///
  /// Of equal elements the first counts. NaN counts as the largest and as the smallest element.
  package func indexOfExtremum(axis: Int, largest: Bool) -> NDArray {
    let extent = shape[axis]
    let source = permuted((0..<rank).filter { $0 != axis } + [axis]).contiguous(), rows = source.count / extent
    let result = Storage(count: rows, dtype: .int64), found = result.pointer(as: Int64.self)
    func search<S: TensorScalar & Comparable>(_ type: S.Type) {
      let x = source.pointer(as: S.self)
      parallelFor(rows, elements: extent) { range in
        for row in range {
          let line = x + row * extent
          var best = 0
          for i in 1..<Swift.max(extent, 1) {
            if line[best] != line[best] { break }  // NaN wins over all elements after it
            let isBetter = largest ? line[i] > line[best] : line[i] < line[best]
            if isBetter || line[i] != line[i] { best = i }
          }
          found[row] = Int64(best)
        }
      }
    }
    switch dtype {
    case .float32: search(Float.self)
    case .float64: search(Double.self)
    case .float16, .bfloat16: requireFullPrecision(largest ? "argmax" : "argmin")
    case .int64: search(Int64.self)
    case .int32: search(Int32.self)
    case .uint8, .bool: search(UInt8.self)
    }
    withExtendedLifetime(source) {}
    return NDArray(storage: result, shape: Array(source.shape.dropLast()))
  }
}
