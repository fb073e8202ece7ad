import CMoultKernels

extension NDArray {
  /// Returns the elements of `a` where `condition` is true and those of `b` elsewhere; shapes broadcast. An element
  /// that is not selected has no effect, even if it is NaN.
  package static func selected(
    _ condition: NDArray, _ a: NDArray, _ b: NDArray, _ operation: String
  ) -> NDArray {
    a.requireFullPrecision(operation)
    guard let values = Shape.broadcast(a.shape, b.shape), let shape = Shape.broadcast(condition.shape, values) else {
      fatalError(
        "\(operation): \(condition.shape), \(a.shape) and \(b.shape) do not broadcast together; axes must be equal or 1"
      )
    }
    let condition = condition.broadcast(to: shape).contiguous(), flags = condition.pointer(as: Bool.self)
    func operand(_ x: NDArray) -> (array: NDArray, pointer: UnsafeMutableRawPointer, stride: Int) {
      let array = x.count == 1 ? x.contiguous() : x.broadcast(to: shape).contiguous()
      return (array, array.storage.pointer + array.offset * array.dtype.byteCount, x.count == 1 ? 0 : 1)
    }
    let (a, b) = (operand(a), operand(b)), size = a.array.dtype.byteCount
    let result = Storage(count: condition.count, dtype: a.array.dtype), selected = result.pointer
    parallelFor(condition.count, elements: 1) { range in
      let i = range.lowerBound
      let (p, q) = (a.pointer + i * a.stride * size, b.pointer + i * b.stride * size)
      switch size {
      case 1: mk_select_8(range.count, flags + i, p, a.stride, q, b.stride, selected + i)
      case 4: mk_select_32(range.count, flags + i, p, a.stride, q, b.stride, selected + 4 * i)
      default: mk_select_64(range.count, flags + i, p, a.stride, q, b.stride, selected + 8 * i)
      }
    }
    withExtendedLifetime((condition, a.array, b.array)) {}
    return NDArray(storage: result, shape: shape)
  }
}
