import MoultPlatform

/// An axis of a plot in a terminal: its range and its ticks.
package struct PlotAxis: Equatable {
  /// The range of the axis: two distinct finite numbers.
  package let range: ClosedRange<Double>
  /// The ticks, at least two.
  package let ticks: NiceTicks
  package let isLogarithmic: Bool

  /// Returns the position of a value on the axis as a fraction: 0 at the low end, 1 at the high end.
  package func share(of value: Double) -> Double {
    let (low, high) = (range.lowerBound, range.upperBound)
    if isLogarithmic { return value > 0 ? (log(value) - log(low)) / (log(high) - log(low)) : 0 }
    // The values are halved first, because the difference of two finite numbers can overflow.
    return (value / 2 - low / 2) / (high / 2 - low / 2)
  }

  /// Returns an axis that contains all of `values`, with about `count` ticks, at least two.
  ///
  /// Values that are not finite are ignored, and values beyond ±1e300 lie outside of the axis. The axis is logarithmic
  /// only if `logarithmic` is set and all finite values are positive.
  package static func holding(_ values: [Double], ticks count: Int, logarithmic: Bool = false) -> PlotAxis {
    let ends = NiceTicks.ends(values)
    let isLogarithmic = logarithmic && canBeLogarithmic(values) && ends.lowerBound > 0
    return isLogarithmic ? self.logarithmic(ends, ticks: count) : linear(ends, ticks: count)
  }

  /// Returns whether all finite values are in 1e-270...1e300, so that the ends of a logarithmic axis can be computed.
  package static func canBeLogarithmic(_ values: some Sequence<Double>) -> Bool {
    values.allSatisfy { !$0.isFinite || (1e-270...1e300).contains($0) }
  }

  /// The ends of an axis are rounded to this fraction of a tick step: close to the values, but stable while they change
  /// a little.
  private static let marginsPerStep = 5.0
  /// The number of ticks at which to stop looking for two of them: with a step for 6 ticks, every range contains at
  /// least two.
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

  /// Creates a logarithmic axis whose ends are 1 to 9 times a power of ten.
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

  /// Returns the first axis with at least two ticks, for an increasing number of wanted ticks.
  private static func withTwoTicks(_ count: Int, _ axis: (_ most: Int) -> PlotAxis) -> PlotAxis {
    var most = max(count, 1) + 1
    while true {
      let axis = axis(most)
      if axis.ticks.values.count >= 2 || most >= enoughForTwo { return axis }
      most += 1
    }
  }
}
