/// The gradient that an operation's backward pass adds to one of its inputs: as an array, or in a form that is cheaper
/// than a whole array.
package enum Contribution: Sendable {
  /// A gradient of the input's shape.
  case values(NDArray)
  /// A gradient of some positions of one axis of an input of shape `shape`, zero elsewhere.
  case slice(NDArray, shape: [Int], axis: Int, range: Range<Int>)
  /// A gradient of some rows of an input of shape `shape`: row `i` of the array belongs to row `indices[i]`. Rows that
  /// are named more than once get the sum.
  case rows(NDArray, shape: [Int], indices: [Int])
  /// The gradient of weights as a product that is not computed yet.
  case product(WeightGradient)

  /// The gradient as an array of the input's shape.
  var values: NDArray {
    switch self {
    case .values(let values): values
    case .product(let product): product.values()
    case .slice(let part, let shape, _, _), .rows(let part, let shape, _):
      GradientSum.zeros(shape, dtype: part.dtype, adding: self)
    }
  }
}
