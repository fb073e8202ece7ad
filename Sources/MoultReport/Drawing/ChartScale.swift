import MoultPlatform

/// The mapping from the values of an axis to positions in a chart.
package struct ChartScale: Equatable {
  /// The values at the two ends of the axis.
  let domain: ClosedRange<Double>
  /// The positions of the two ends. `from` is the larger one on a vertical axis, where positions count from the top.
  let from, to: Double
  /// Whether the axis is logarithmic.
  let isLogarithmic: Bool

  package init(domain: ClosedRange<Double>, from: Double, to: Double, isLogarithmic: Bool) {
    (self.domain, self.from, self.to, self.isLogarithmic) = (domain, from, to, isLogarithmic)
  }

  /// Returns the position of a value; `nil` if it is not finite, or not positive on a logarithmic axis.
  ///
  /// Values outside of the domain are placed at its edge.
  package func callAsFunction(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    let share: Double
    if isLogarithmic {
      guard value > 0 else { return nil }
      let low = log10(domain.lowerBound), high = log10(domain.upperBound)
      share = (log10(value) - low) / (high - low)
    } else {
      share = (value / 2 - domain.lowerBound / 2) / (domain.upperBound / 2 - domain.lowerBound / 2)
    }
    guard share.isFinite else { return nil }
    return from + min(max(share, 0), 1) * (to - from)
  }

  /// Returns whether values are better shown on a logarithmic axis: all are positive, the largest is at least 20 times
  /// the smallest, and the median is at most an eighth of the largest.
  ///
  /// A learning rate with a cosine schedule ends low but is high half of the time, so it stays on a linear axis.
  package static func asksForLogarithm(_ values: some Sequence<Double>) -> Bool {
    let sorted = values.filter(\.isFinite).sorted()
    guard let low = sorted.first, let high = sorted.last, low > 1e-290 else { return false }
    return high / low >= 20 && sorted[sorted.count / 2] <= high / 8
  }
}
