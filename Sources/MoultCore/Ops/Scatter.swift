/// Returns `x` with elements replaced along an axis, one for each index, as PyTorch's `scatter`.
///
///     y = x,   y[i, indices[i, j, k], k] = source[i, j, k]   for axis 1 of three
///
/// - Shapes: `indices`, of an integer dtype, has the shape of `x` except along `axis`; `source` broadcasts to the shape
///   of `indices` and has the dtype of `x`.
/// - Gradient: `dy` for the elements of both that the result has, zero for those that were replaced.
/// - Edge cases: if an index repeats, the last element counts; an index outside 0..<extent stops the program with a
///   message that gives its place.
/// - Complexity: O(*n*) in the size of `x` and of `indices`.
public func scatter(_ x: Tensor, _ indices: Tensor, _ source: Tensor, axis: Int) -> Tensor {
  let axis = Shape.axis(axis, rank: x.rank, "scatter")
  let places = places(of: indices, along: axis, in: x.shape, "scatter")
  let (shape, part) = (x.shape, source.shape), full = indices.shape
  let elements = broadcastSource(source, x, indices, "scatter")
  return x.values.replacing(places, with: elements).recorded("scatter", ["axis": .int(axis)], from: x, indices, source)
  {
    gradient in
    // The last of the elements with the same place is the one that the result has.
    var last = [Int](repeating: -1, count: gradient.count)
    for (i, place) in places.enumerated() { last[place] = i }
    let isUsed = NDArray(places.enumerated().map { i, place in last[place] == i }, shape: full)
    let zero = NDArray.zeros([], dtype: gradient.dtype)
    let picked = NDArray.selected(isUsed, gradient.gathered(places, shape: full), zero, "scatter")
    return [
      .values(.selected(NDArray(last.map { $0 < 0 }, shape: shape), gradient, zero, "scatter")),
      nil,
      .values(picked.summed(to: part)),
    ]
  }
}

/// Returns `x` with elements added along an axis, one for each index, as PyTorch's `scatter_add`.
///
///     y = x,   y[i, indices[i, j, k], k] += source[i, j, k]   for axis 1 of three
///
/// - Shapes: `indices`, of an integer dtype, has the shape of `x` except along `axis`; `source` broadcasts to the shape
///   of `indices`; both tensors of one floating-point dtype.
/// - Gradient: `dx = dy`; each element of `source` gets the gradient of the element that it was added to.
/// - Edge cases: an index outside 0..<extent stops the program with a message that gives its place.
/// - Complexity: O(*n*) in the size of `x` and of `indices`. The order of additions is fixed.
public func scatterAdd(_ x: Tensor, _ indices: Tensor, _ source: Tensor, axis: Int) -> Tensor {
  x.requireFloatingPoint("scatterAdd")
  let axis = Shape.axis(axis, rank: x.rank, "scatterAdd")
  let places = places(of: indices, along: axis, in: x.shape, "scatterAdd")
  let (shape, part) = (x.shape, source.shape), full = indices.shape, blocks = shape[..<axis].reduce(1, *)
  let elements = broadcastSource(source, x, indices, "scatterAdd")
  return (x.values + elements.scattered(to: shape, places, blocks: blocks))
    .recorded("scatterAdd", ["axis": .int(axis)], from: x, indices, source) { gradient in
      [.values(gradient), nil, .values(gradient.gathered(places, shape: full).summed(to: part))]
    }
}

private func broadcastSource(_ source: Tensor, _ x: Tensor, _ indices: Tensor, _ caller: StaticString) -> NDArray {
  require(
    source.dtype == x.dtype && Shape.broadcast(source.shape, indices.shape) == indices.shape,
    "\(caller): expected a source of type \(x.dtype) that broadcasts to the indices' shape \(indices.shape), "
      + "got \(source.dtype) \(source.shape)")
  return source.values.broadcast(to: indices.shape)
}
