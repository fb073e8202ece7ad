import MoultPlatform

/// An axis of a plot in text: the range of its values and the round numbers that are written beside it.
package struct PlotAxis: Equatable {
  /// The values at its ends, two different finite numbers.
  package let range: ClosedRange<Double>
  /// At least two round numbers in the range.
  package let ticks: NiceTicks
  package let isLogarithmic: Bool

  /// Where a value lies on the axis: 0 at its low end, 1 at its high end.
  package func share(of value: Double) -> Double {
    let (low, high) = (range.lowerBound, range.upperBound)
    if isLogarithmic { return value > 0 ? (log(value) - log(low)) / (log(high) - log(low)) : 0 }
    // Halved first: the span of two finite numbers may be infinite.
    return (value / 2 - low / 2) / (high / 2 - low / 2)
  }

  /// An axis that holds all of `values`, with about `count` round numbers, and at least two.
  ///
  /// Values that are not finite are passed over, and those beyond ±1e300 lie beyond its ends. An axis is logarithmic
  /// only where all of the others can be on one.
  package static func holding(_ values: [Double], ticks count: Int, logarithmic: Bool = false) -> PlotAxis {
    let ends = NiceTicks.ends(values)
    let isLogarithmic = logarithmic && canBeLogarithmic(values) && ends.lowerBound > 0
    return isLogarithmic ? self.logarithmic(ends, ticks: count) : linear(ends, ticks: count)
  }

  /// Whether all finite values are above 0, and none is so close to it or so great that the axis's ends could not be.
  package static func canBeLogarithmic(_ values: some Sequence<Double>) -> Bool {
    values.allSatisfy { !$0.isFinite || (1e-270...1e300).contains($0) }
  }

  /// Parts of a step to which the ends of an axis are rounded: close to the values, yet at rest while they move a
  /// little.
  private static let marginsPerStep = 5.0
  /// Fewer round numbers than two would say nothing about the scale, and steps for so many put two into any range.
  private static let enoughForTwo = 6

  private static func linear(_ values: ClosedRange<Double>, ticks count: Int) -> PlotAxis {
    withTwoTicks(count) { most in
      let step = NiceTicks.step(values, most: most)
      var range = values
      if step.isUsable {
        let margin = step.times(1 / marginsPerStep)
        let low = step.times((values.lowerBound / margin).rounded(.down) / marginsPerStep)
        let high = step.times((values.upperBound / margin).rounded(.up) / marginsPerStep)
        if low.isFinite, high.isFinite { range = low...high }
      }
      return PlotAxis(range: range, ticks: .marks(in: range, step: step, most: most + 2), isLogarithmic: false)
    }
  }

  /// The ends are 1 to 9 times a power of ten.
  private static func logarithmic(_ values: ClosedRange<Double>, ticks count: Int) -> PlotAxis {
    func rounded(_ value: Double, _ rule: FloatingPointRoundingRule) -> Double {
      let power = pow(10, log10(value).rounded(.down))
      return (value / power + (rule == .down ? 1e-10 : -1e-10)).rounded(rule) * power
    }
    let range = rounded(values.lowerBound, .down)...rounded(values.upperBound, .up)
    return withTwoTicks(count) { most in
      PlotAxis(range: range, ticks: .logarithmic(range, most: most), isLogarithmic: true)
    }
  }

  /// The first axis with two ticks among those with ever more.
  private static func withTwoTicks(_ count: Int, _ axis: (_ most: Int) -> PlotAxis) -> PlotAxis {
    var most = max(count, 1) + 1
    while true {
      let axis = axis(most)
      if axis.ticks.values.count >= 2 || most >= enoughForTwo { return axis }
      most += 1
    }
  }
}
