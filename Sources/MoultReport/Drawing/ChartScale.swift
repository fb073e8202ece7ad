import MoultPlatform

/// From values to places in a chart.
package struct ChartScale: Equatable {
  /// The values at the two ends.
  let domain: ClosedRange<Double>
  /// The places of the two ends; the first may be the greater, as on a vertical axis.
  let from, to: Double
  /// Whether equal factors are equally long.
  let isLogarithmic: Bool

  package init(domain: ClosedRange<Double>, from: Double, to: Double, isLogarithmic: Bool) {
    (self.domain, self.from, self.to, self.isLogarithmic) = (domain, from, to, isLogarithmic)
  }

  /// The place of a value, or `nil` where it has none: not finite, or not above 0 on a logarithmic axis.
  ///
  /// Values outside of the domain are drawn at its edge.
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

  /// Whether values ask for a logarithmic axis: all above 0, over a factor of 20 apart, and mostly far below the
  /// largest.
  ///
  /// A learning rate that falls along a cosine ends low, but is high half of the time: a linear axis shows it better.
  package static func asksForLogarithm(_ values: some Sequence<Double>) -> Bool {
    let sorted = values.filter(\.isFinite).sorted()
    guard let low = sorted.first, let high = sorted.last, low > 1e-290 else { return false }
    return high / low >= 20 && sorted[sorted.count / 2] <= high / 8
  }
}
