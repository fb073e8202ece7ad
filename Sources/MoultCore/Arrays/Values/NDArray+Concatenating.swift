extension NDArray {
  /// Returns one or more arrays joined along `axis`. They have one dtype, and shapes that are equal except along
  /// `axis`.
  package static func concatenated(_ arrays: [NDArray], axis: Int) -> NDArray {
    let first = arrays[0], extents = arrays.map { $0.shape[axis] }
    var shape = first.shape
    shape[axis] = extents.reduce(0, +)
    let outer = shape[..<axis].reduce(1, *), inner = shape[(axis + 1)...].reduce(1, *) * first.dtype.byteCount
    let width = shape[axis] * inner
    return NDArray(dtype: first.dtype, shape: shape) { bytes in
      guard let base = bytes.baseAddress else { return }
      var start = 0
      for (array, extent) in zip(arrays, extents) {
        let size = extent * inner, to = base + start
        array.withContiguousBytes { source in
          guard let from = source.baseAddress else { return }
          for row in 0..<outer { (to + row * width).copyMemory(from: from + row * size, byteCount: size) }
        }
        start += size
      }
    }
  }
}
