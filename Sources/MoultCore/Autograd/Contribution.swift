/// The gradient that the backward pass of an operation adds to one of its inputs: an array, or a form that is cheaper
/// than a whole array.
package enum Contribution: Sendable {
  /// A gradient in the input's shape.
  case values(NDArray)
  /// The gradient of the positions `range` along `axis` of an input of shape `shape`; it is zero elsewhere.
  case slice(NDArray, shape: [Int], axis: Int, range: Range<Int>)
  /// The gradient of some rows of an input of shape `shape`: row `i` of the array belongs to row `indices[i]`. A row
  /// whose index occurs several times gets the sum.
  case rows(NDArray, shape: [Int], indices: [Int])
  /// The gradient of a layer's weights, as a product that is not computed yet.
  case product(WeightGradient)

  /// The gradient as an array in the input's shape.
  var values: NDArray {
    switch self {
    case .values(let values): values
    case .product(let product): product.values()
    case .slice(let part, let shape, _, _), .rows(let part, let shape, _):
      GradientSum.zeros(shape, dtype: part.dtype, adding: self)
    }
  }
}
