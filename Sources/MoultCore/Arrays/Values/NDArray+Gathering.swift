extension NDArray {
  /// The elements at `places` in row-major order, under another shape.
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

  /// Zeros of `shape` to whose `places`, in row-major order, the elements of this array are added one after the other.
  ///
  /// - Parameter blocks: into how many equal parts `places` falls that have no place in common; threads share them out.
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

  /// Rows in the order of `indices`.
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
