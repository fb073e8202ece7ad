/// Views: arrays with another shape or other strides that share the storage.
extension NDArray {
  /// Returns the same elements in row-major order with another shape, which must hold as many elements. Copies only a
  /// view that is not contiguous. Pending elements stay pending if the length of the rows does not change.
  package func reshaped(_ shape: [Int]) -> NDArray {
    let flat = isContiguous && storage.staysPending(as: shape) ? self : contiguous()
    return NDArray(storage: flat.storage, shape: shape, offset: flat.offset)
  }

  /// Returns a view with the axes in another order: axis *i* of the result is axis `order[i]` of this array.
  package func permuted(_ order: [Int]) -> NDArray {
    NDArray(storage: storage, shape: order.map { shape[$0] }, strides: order.map { strides[$0] }, offset: offset)
  }

  /// Returns a view with the axes `a` and `b` exchanged; by default the last two.
  package func transposed(_ a: Int? = nil, _ b: Int? = nil) -> NDArray {
    var order = Array(0..<rank)
    order.swapAt(a ?? rank - 2, b ?? rank - 1)
    return permuted(order)
  }

  /// Returns a view of the positions `range` along `axis`.
  package func sliced(axis: Int, _ range: Range<Int>) -> NDArray {
    var part = shape
    part[axis] = range.count
    return NDArray(storage: storage, shape: part, strides: strides, offset: offset + range.lowerBound * strides[axis])
  }

  /// Returns a view with a new axis of extent 1 at position `axis`.
  package func unsqueezed(axis: Int) -> NDArray {
    var (shape, strides) = (shape, strides)
    shape.insert(1, at: axis)
    strides.insert(1, at: axis)
    return NDArray(storage: storage, shape: shape, strides: strides, offset: offset)
  }

  /// Returns a view without the axis `axis`, whose extent must be 1.
  package func squeezed(axis: Int) -> NDArray {
    var (shape, strides) = (shape, strides)
    shape.remove(at: axis)
    strides.remove(at: axis)
    return NDArray(storage: storage, shape: shape, strides: strides, offset: offset)
  }

  /// Returns a view of a larger shape, in which axes of extent 1 and new leading axes repeat: their stride is 0.
  package func broadcast(to shape: [Int]) -> NDArray {
    guard shape != self.shape else { return self }
    let lead = shape.count - rank, own = strides
    let strides = shape.indices.map { axis in
      axis < lead || (self.shape[axis - lead] == 1 && shape[axis] != 1) ? 0 : own[axis - lead]
    }
    return NDArray(storage: storage, shape: shape, strides: strides, offset: offset)
  }

  /// Returns a view of the rows `range` of this contiguous matrix.
  package func rows(_ range: Range<Int>) -> NDArray {
    guard range != 0..<shape[0] else { return self }
    return NDArray(storage: storage, shape: [range.count, shape[1]], offset: offset + range.lowerBound * shape[1])
  }
}
