/// Dense arrays whose axes lie in memory in another order than in the shape, such as images `[N, C, H, W]` that are
/// stored with the channels last. Elementwise operations and dropout keep that order; ``NDArray/contiguous()`` ends it.
extension NDArray {
  /// The axes from the outermost in memory to the innermost, if they are not in the order of the shape and the elements
  /// fill one piece of memory without gaps; nil otherwise.
  var memoryOrder: [Int]? {
    guard !isContiguous else { return nil }
    let strides = strides, order = shape.indices.sorted { strides[$0] > strides[$1] }
    var step = 1
    for axis in order.reversed() where shape[axis] != 1 {
      guard strides[axis] == step else { return nil }
      step *= shape[axis]
    }
    return order
  }

  /// The axes in the order of memory, if that is another one than in the shape and axis 0 is the outermost; nil
  /// otherwise.
  var orderOfSamples: [Int]? { memoryOrder.flatMap { $0[0] == 0 ? $0 : nil } }

  /// Returns `body` of this array with the axes in the given order, with the axes back in the order of the shape.
  func withAxes(_ order: [Int], _ body: (NDArray) -> NDArray) -> NDArray {
    body(permuted(order)).permuted(Shape.inverse(ofOrder: order))
  }

  /// Returns `body` of this array as a contiguous one with the axes in the order of memory, and the axes of the result
  /// back in their places; nil if the array is contiguous or has gaps. `body` keeps the shape.
  func inMemoryOrder(_ body: (NDArray) -> NDArray) -> NDArray? {
    memoryOrder.map { withAxes($0, body) }
  }
}
