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

  /// Returns this array with the elements of `source` at `places`, which are positions in row-major order. If a place
  /// occurs several times, the last element counts.
  package func replacing(_ places: [Int], with source: NDArray) -> NDArray {
    let (source, result) = (source.contiguous(), Storage(count: count, dtype: dtype))
    copyElements(to: result.pointer)
    func put<S: TensorScalar>(_ type: S.Type) {
      let from = source.pointer(as: S.self), to = result.pointer(as: S.self)
      for (i, place) in places.enumerated() { to[place] = from[i] }
    }
    dtype.withScalarType { put($0) }
    withExtendedLifetime(source) {}
    return NDArray(storage: result, shape: shape)
  }

  /// Returns the entries along `axis` at `indices`, in that order.
  package func indexSelect(_ indices: [Int], axis: Int = 0) -> NDArray {
    let extent = shape[axis], inner = shape[(axis + 1)...].reduce(1, *), width = inner * dtype.byteCount
    let outer = shape[..<axis].reduce(1, *)
    return withContiguousBytes { source in
      NDArray(dtype: dtype, shape: shape[..<axis] + [indices.count] + shape[(axis + 1)...]) { bytes in
        guard width > 0, let from = source.baseAddress, let to = bytes.baseAddress else { return }
        parallelFor(outer * indices.count, elements: inner) { range in
          for i in range {
            let row = i / indices.count * extent + indices[i % indices.count]
            (to + i * width).copyMemory(from: from + row * width, byteCount: width)
          }
        }
      }
    }
  }

  /// Returns an array of shape `shape` that starts as zeros: entry `i` of this array along `axis` is added to entry
  /// `indices[i]`, in the order of `indices`.
  package func indexAdded(to shape: [Int], _ indices: [Int], axis: Int) -> NDArray {
    let result = NDArray.zeros(shape, dtype: dtype), source = contiguous()
    let extent = shape[axis], inner = shape[(axis + 1)...].reduce(1, *)
    func add<S: TensorScalar & FloatingPoint>(_ type: S.Type) {
      let (from, to) = (source.pointer(as: S.self), result.pointer(as: S.self))
      parallelFor(shape[..<axis].reduce(1, *), elements: indices.count * inner) { range in
        for block in range {
          for (i, index) in indices.enumerated() {
            let from = from + (block * indices.count + i) * inner, to = to + (block * extent + index) * inner
            for j in 0..<inner { to[j] += from[j] }
          }
        }
      }
    }
    if dtype == .float32 { add(Float.self) } else { add(Double.self) }
    withExtendedLifetime((source, result)) {}
    return result
  }
}
