/// Joins tensors along an existing axis, as PyTorch's `cat`.
///
/// - Parameter axis: the axis to join along, counted from the end if negative.
/// - Shapes: at least one tensor, with shapes that are equal except along `axis` -> that shape with the sum of the
///   extents along `axis`; all of one dtype.
/// - Gradient: each input gets its slice of `dy`.
/// - Complexity: O(*n*).
public func concatenate(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
  guard let first = tensors.first else { fatalError("concatenate: expected at least one tensor, got none") }
  let axis = Shape.axis(axis, rank: first.rank, "concatenate")
  for (i, tensor) in tensors.enumerated() {
    var expected = first.shape
    if tensor.rank == first.rank { expected[axis] = tensor.shape[axis] }
    require(
      tensor.shape == expected && tensor.dtype == first.dtype,
      "concatenate: tensor 0 is \(first.shape) \(first.dtype), tensor \(i) is \(tensor.shape) \(tensor.dtype); all must agree but for axis \(axis)"
    )
  }
  let extents = tensors.map { $0.shape[axis] }
  return NDArray.concatenated(tensors.map(\.values), axis: axis).recorded(
    "concatenate", ["axis": .int(axis)], from: tensors
  ) { gradient in
    var start = 0
    return extents.map { extent in
      defer { start += extent }
      return .values(gradient.sliced(axis: axis, start..<start + extent))
    }
  }
}

/// Joins tensors of equal shape along a new axis.
///
/// - Parameter axis: the position of the new axis in the result; a negative one counts from the end.
/// - Shapes: *k* tensors of one shape and dtype -> that shape with an axis of extent *k* inserted at `axis`.
/// - Gradient: each input gets its slice of `dy`.
/// - Complexity: O(*n*).
public func stack(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
  guard let first = tensors.first else { fatalError("stack: expected at least one tensor, got none") }
  let axis = Shape.axis(axis, rank: first.rank + 1, "stack")
  return concatenate(tensors.map { $0.unsqueezed(axis: axis) }, axis: axis)
}
