import Synchronization

/// The gradient of a leaf of the graph. Any number of tasks can add to it at the same time.
package final class GradientAccumulator: Sendable {
  private let sum = Mutex(GradientSum())

  /// The sum of all contributions; nil if there are none. A pending product is computed when this is read.
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

  /// The pending product, if the sum is a single product that was not read yet; nil otherwise.
  var product: WeightGradient? { sum.withLock { $0.product } }

  func add(_ contribution: Contribution) {
    if case .values(let values) = contribution { values.compute() }
    sum.withLock { $0.add(contribution) }
  }
}
