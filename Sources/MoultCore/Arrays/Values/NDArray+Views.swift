/// Views: arrays of other shapes and strides over the same storage.
extension NDArray {
  /// The same elements in row-major order under another shape of as many elements; copies only a view that is not
  /// contiguous. Pending elements stay pending where their rows keep their length.
  package func reshaped(_ shape: [Int]) -> NDArray {
    let flat = isContiguous && storage.staysPending(as: shape) ? self : contiguous()
    return NDArray(storage: flat.storage, shape: shape, offset: flat.offset)
  }

  /// The axes in another order: axis *i* of the result is axis `order[i]` of this array.
  package func permuted(_ order: [Int]) -> NDArray {
    NDArray(storage: storage, shape: order.map { shape[$0] }, strides: order.map { strides[$0] }, offset: offset)
  }

  /// Two axes exchanged; the last two when none are named.
  package func transposed(_ a: Int? = nil, _ b: Int? = nil) -> NDArray {
    var order = Array(0..<rank)
    order.swapAt(a ?? rank - 2, b ?? rank - 1)
    return permuted(order)
  }

  /// Some positions of one axis.
  package func sliced(axis: Int, _ range: Range<Int>) -> NDArray {
    var part = shape
    part[axis] = range.count
    return NDArray(storage: storage, shape: part, strides: strides, offset: offset + range.lowerBound * strides[axis])
  }

  /// A new axis of extent 1 before `axis`.
  package func unsqueezed(axis: Int) -> NDArray {
    var (shape, strides) = (shape, strides)
    shape.insert(1, at: axis)
    strides.insert(1, at: axis)
    return NDArray(storage: storage, shape: shape, strides: strides, offset: offset)
  }

  /// Without the axis `axis` of extent 1.
  package func squeezed(axis: Int) -> NDArray {
    var (shape, strides) = (shape, strides)
    shape.remove(at: axis)
    strides.remove(at: axis)
    return NDArray(storage: storage, shape: shape, strides: strides, offset: offset)
  }

  /// A larger shape in which axes of extent 1, and new leading axes, repeat with a stride of 0.
  package func broadcast(to shape: [Int]) -> NDArray {
    guard shape != self.shape else { return self }
    let lead = shape.count - rank, own = strides
    let strides = shape.indices.map { axis in
      axis < lead || (self.shape[axis - lead] == 1 && shape[axis] != 1) ? 0 : own[axis - lead]
    }
    return NDArray(storage: storage, shape: shape, strides: strides, offset: offset)
  }

  /// Some rows of a contiguous matrix.
  package func rows(_ range: Range<Int>) -> NDArray {
    guard range != 0..<shape[0] else { return self }
    return NDArray(storage: storage, shape: [range.count, shape[1]], offset: offset + range.lowerBound * shape[1])
  }
}
