/// The sum of the contributions to one gradient, added in the order in which they arrive.
///
/// A single array or product is kept as it is, so that a product can stay pending. Slices and rows, and every second
/// contribution, make an array that the sum owns. Later contributions are added to it in place, so that slices and rows
/// cost only their own size.
struct GradientSum: Sendable {
  private var first: Contribution?
  private var owned: NDArray?

  init() {}

  init(_ values: NDArray) { first = .values(values) }

  var isEmpty: Bool { first == nil && owned == nil }

  /// The pending product, if the sum is a single product that is not computed yet; nil otherwise.
  var product: WeightGradient? { if case .product(let product) = first { product } else { nil } }

  mutating func add(_ contribution: Contribution) {
    if let sum = takeOwned() {
      Self.accumulate(contribution, into: sum)
      owned = sum
    } else if case .values = contribution {
      first = contribution
    } else if case .product = contribution {
      first = contribution
    } else {
      owned = contribution.values
    }
  }

  /// Removes and returns the sum so far, in memory that no other array shares; nil if there are no contributions.
  private mutating func takeOwned() -> NDArray? {
    if var sum = owned {
      owned = nil
      return isKnownUniquelyReferenced(&sum.storage) ? sum : Self.copy(of: sum)
    }
    guard let first else { return nil }
    self.first = nil
    // Other contributions than values make a new array.
    if case .values(let values) = first { return Self.copy(of: values) }
    return first.values
  }

  /// The sum; nil if there are no contributions.
  var values: NDArray? { owned ?? first?.values }

  static func zeros(_ shape: [Int], dtype: DType, adding contribution: Contribution) -> NDArray {
    let sum = NDArray.zeros(shape, dtype: dtype)
    accumulate(contribution, into: sum)
    return sum
  }

  private static func copy(of values: NDArray) -> NDArray {
    let result = Storage(count: values.count, dtype: values.dtype)
    values.copyElements(to: result.pointer)
    return NDArray(storage: result, shape: values.shape)
  }

  /// Adds a contribution to `sum`, a contiguous array that the caller owns.
  private static func accumulate(_ contribution: Contribution, into sum: NDArray) {
    switch contribution {
    case .values(let values): sum.addInPlace(values)
    case .product(let product): sum.addInPlace(product.values())
    case .slice(let part, _, let axis, let range): sum.sliced(axis: axis, range).addInPlace(part)
    case .rows(let part, _, let indices): sum.addInPlace(part, toRows: indices)
    }
  }
}
