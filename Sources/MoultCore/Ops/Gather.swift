/// Elements picked along an axis, one for each index.
///
///     y[i, j, k] = x[i, indices[i, j, k], k]   for axis 1 of three
///
/// - Shapes: `indices` has the rank of `x` and its extents but for `axis`; the result has the shape of `indices`.
/// - Gradient: each picked place gets the sum of the gradients of the places it was picked for.
/// - Edge cases: an index outside 0..<extent stops the program with its place.
/// - Complexity: O(*n*) in the number of indices.
public func gather(_ x: Tensor, _ indices: Tensor, axis: Int) -> Tensor {
  let axis = Shape.axis(axis, rank: x.rank, "gather")
  var expected = x.shape
  if indices.rank == x.rank { expected[axis] = indices.shape[axis] }
  require(
    indices.shape == expected && !indices.dtype.isFloatingPoint && indices.dtype != .bool,
    "gather: expected integer indices of shape \(x.shape) but for axis \(axis), got \(indices.dtype) \(indices.shape)")
  let inner = x.shape[(axis + 1)...].reduce(1, *), extent = x.shape[axis], picked = indices.shape[axis]
  let places = indices.scalars(as: Int64.self).enumerated().map { i, index in
    require(
      (0..<Int64(extent)).contains(index),
      "gather: index \(index) at place \(i) is outside 0..<\(extent), axis \(axis) of \(x.shape)")
    return (i / (picked * inner) * extent + Int(index)) * inner + i % inner
  }
  let shape = x.shape
  return x.contiguous().taking(places, shape: indices.shape).recorded("gather", from: x) { gradient in
    [gradient.scattered(to: shape, places)]
  }
}

extension Tensor {
  /// Rows, i.e. entries along the first axis, in the order of `indices`.
  ///
  /// - Gradient: each row gets the sum of the gradients of the places it was taken for.
  /// - Complexity: O(*n*) in the size of the result.
  public func rows(at indices: [Int]) -> Tensor {
    require(rank > 0, "rows(at:): expected a tensor of rank 1 or more, got \(shape)")
    let width = shape.dropFirst().reduce(1, *) * dtype.byteCount
    let extent = shape[0], sourceShape = shape
    for (i, index) in indices.enumerated() {
      require((0..<extent).contains(index), "rows(at:): index \(index) at place \(i) is outside 0..<\(extent)")
    }
    let result = withContiguousBytes { source in
      Tensor(dtype: dtype, shape: [indices.count] + shape.dropFirst()) { bytes in
        guard width > 0, let from = source.baseAddress, let to = bytes.baseAddress else { return }
        for (i, index) in indices.enumerated() {
          (to + i * width).copyMemory(from: from + index * width, byteCount: width)
        }
      }
    }
    guard node != nil else { return result }
    let inner = sourceShape.dropFirst().reduce(1, *)
    return result.recorded("rows", from: self) { gradient in
      [gradient.scattered(to: sourceShape, indices.flatMap { row in (0..<inner).map { row * inner + $0 } })]
    }
  }

  /// Rows in the order of an integer tensor of rank 1.
  public func rows(at indices: Tensor) -> Tensor {
    require(
      indices.rank == 1 && !indices.dtype.isFloatingPoint && indices.dtype != .bool,
      "rows(at:): expected integer indices of rank 1, got \(indices.dtype) \(indices.shape)")
    return rows(at: indices.scalars(as: Int64.self).map { Int($0) })
  }

  /// The elements at `places` of a contiguous tensor.
  fileprivate func taking(_ places: [Int], shape: [Int]) -> Tensor {
    func take<S: TensorScalar>(_ type: S.Type) -> Tensor {
      let p = pointer(as: S.self)
      return Tensor(places.map { p[$0] }, shape: shape)
    }
    return dtype.withScalarType { take($0) }
  }

  /// A tensor of zeros to whose `places` the elements of this one are added.
  package func scattered(to shape: [Int], _ places: [Int]) -> Tensor {
    let result = Tensor.zeros(shape, dtype: dtype), source = contiguous()
    func add<S: TensorScalar & FloatingPoint>(_ type: S.Type) {
      let (from, to) = (source.pointer(as: S.self), result.pointer(as: S.self))
      for (i, place) in places.enumerated() { to[place] += from[i] }
    }
    if dtype == .float32 { add(Float.self) } else { add(Double.self) }
    return result
  }
}
