extension NDArray {
  /// Returns the elements at `places`, which are positions in row-major order, as an array of shape `shape`.
  package func gathered(_ places: [Int], shape: [Int]) -> NDArray {
    let source = contiguous(), result = Storage(count: places.count, dtype: dtype)
    func take<S: TensorScalar>(_ type: S.Type) {
      let from = source.pointer(as: S.self), to = result.pointer(as: S.self)
      parallelFor(places.count, elements: 1) { range in
        for i in range { to[i] = from[places[i]] }
      }
    }
    dtype.withScalarType { take($0) }
    withExtendedLifetime(source) {}
    return NDArray(storage: result, shape: shape)
  }

  /// Returns an array of shape `shape` that starts as zeros: element `i` of this array is added at position
  /// `places[i]`, in row-major order.
  ///
  /// - Parameter blocks: The number of equal parts of `places` that have no position in common. Threads split these
  ///   parts.
  package func scattered(to shape: [Int], _ places: [Int], blocks: Int) -> NDArray {
    let result = NDArray.zeros(shape, dtype: dtype), source = contiguous()
    func add<S: TensorScalar & FloatingPoint>(_ type: S.Type) {
      let (from, to) = (source.pointer(as: S.self), result.pointer(as: S.self))
      let size = places.count / Swift.max(blocks, 1)
      parallelFor(blocks, elements: size) { range in
        for i in range.lowerBound * size..<range.upperBound * size { to[places[i]] += from[i] }
      }
    }
    if dtype == .float32 { add(Float.self) } else { add(Double.self) }
    withExtendedLifetime((source, result)) {}
    return result
  }

  /// Returns the rows (entries along axis 0) at `indices`, in that order.
  package func indexSelect(_ indices: [Int]) -> NDArray {
    let width = shape.dropFirst().reduce(1, *) * dtype.byteCount
    return withContiguousBytes { source in
      NDArray(dtype: dtype, shape: [indices.count] + shape.dropFirst()) { bytes in
        guard width > 0, let from = source.baseAddress, let to = bytes.baseAddress else { return }
        parallelFor(indices.count, elements: width / dtype.byteCount) { range in
          for i in range { (to + i * width).copyMemory(from: from + indices[i] * width, byteCount: width) }
        }
      }
    }
  }
}
