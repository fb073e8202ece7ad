extension Tensor {
  /// The position of the largest element along `axis`, the first of several; NaN counts as largest.
  ///
  /// - Shapes: the shape without `axis`; Int64. No gradient flows.
  /// - Complexity: O(*n*).
  public func argmax(axis: Int = -1) -> Tensor {
    indexOfLargest(axis: Shape.axis(axis, rank: rank, "argmax"), sign: 1, "argmax")
  }

  /// The position of the largest of `sign` times each element.
  func indexOfLargest(axis: Int, sign: Double, _ caller: @autoclosure () -> String) -> Tensor {
    let extent = shape[axis]
    require(extent > 0, "\(caller()): axis \(axis) of \(shape) is empty and has no largest element")
    let order = (0..<rank).filter { $0 != axis } + [axis]
    let source = detached().permuted(order).contiguous()
    let rows = source.count / extent, whole = !dtype.isFloatingPoint
    func search<S: TensorScalar>(_ type: S.Type) -> [Int64] {
      let x = source.pointer(as: S.self)
      return (0..<rows).map { row in
        var best = 0, largest = sign * x[row * extent].asDouble
        for i in 1..<Swift.max(extent, 1) where !largest.isNaN {
          let value = sign * x[row * extent + i].asDouble
          // Integers beyond 2^53 can differ where their Doubles do not.
          let tells = whole && value == largest && x[row * extent + i].asInt64 > x[row * extent + best].asInt64
          if value > largest || value.isNaN || tells { (best, largest) = (i, value) }
        }
        return Int64(best)
      }
    }
    return Tensor(dtype.withScalarType { search($0) }, shape: Array(source.shape.dropLast()))
  }
}
