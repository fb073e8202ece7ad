import Synchronization

/// The gradient of a leaf, which any number of tasks may add to.
package final class GradientAccumulator: Sendable {
  private let sum = Mutex(GradientSum())

  /// The sum; computed now if it is a product that was not read yet.
  var gradient: NDArray? {
    get {
      sum.withLock { sum in
        guard let values = sum.values else { return nil }
        if sum.product != nil { sum = GradientSum(values) }
        return values
      }
    }
    set { sum.withLock { $0 = newValue.map { GradientSum($0) } ?? GradientSum() } }
  }

  var isEmpty: Bool { sum.withLock { $0.isEmpty } }

  /// The product, if the sum is one that was not read yet.
  var product: WeightGradient? { sum.withLock { $0.product } }

  func add(_ contribution: Contribution) {
    if case .values(let values) = contribution { values.compute() }
    sum.withLock { $0.add(contribution) }
  }
}
