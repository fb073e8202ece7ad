#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An axis of a plot: the range of its values and the round numbers that are written beside it.
package struct PlotAxis: Equatable {
  package struct Tick: Equatable {
    package let value: Double
    package let label: String
  }

  package let range: ClosedRange<Double>
  package let ticks: [Tick]
  package let isLogarithmic: Bool

  /// Where a value lies on the axis: 0 at its low end, 1 at its high end.
  package func share(of value: Double) -> Double {
    let (low, high) = (range.lowerBound, range.upperBound)
    if isLogarithmic { return value > 0 ? log(value / low) / log(high / low) : 0 }
    // Halved first: the span of two finite numbers may be infinite.
    return (value / 2 - low / 2) / (high / 2 - low / 2)
  }

  /// An axis that holds all of `values`, with about `count` round numbers, and at least two.
  ///
  /// Values that are not finite are passed over. A logarithmic axis needs values above 0; where one is not, the axis is
  /// linear.
  package static func holding(_ values: [Double], ticks count: Int, logarithmic: Bool = false) -> PlotAxis {
    let finite = values.lazy.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return linear(0...1, ticks: count) }
    return logarithmic && low > 0 ? self.logarithmic(low...high) : linear(low...high, ticks: count)
  }

  /// Parts of a step to which the ends of an axis are rounded: close to the values, yet at rest while they move a little.
  private static let marginsPerStep = 5.0

  /// Steps of a linear axis are 1, 2 or 5 times a power of ten.
  private static func linear(_ values: ClosedRange<Double>, ticks count: Int) -> PlotAxis {
    var (low, high) = (values.lowerBound, values.upperBound)
    // A span that is nothing beside the numbers themselves cannot be divided into steps.
    let least = max(max(low.magnitude, high.magnitude) * 1e-9, 1e-300)
    if !(high - low > least) {
      let margin = max(low.magnitude * 0.1, least)
      (low, high) = (low - margin, high + margin)
    }
    guard (high - low).isFinite, low.isFinite, high.isFinite else {
      return PlotAxis(
        range: values, ticks: [low, high].map { Tick(value: $0, label: NumberFormat.significant($0)) },
        isLogarithmic: false)
    }
    // Fewer round numbers than two would say nothing about the scale.
    var step = roundStep(atLeast: (high - low) / Double(max(1, count)))
    while (high / step).rounded(.down) - (low / step).rounded(.up) < 1 { step = roundStep(atLeast: step / 2.5) }
    let margin = step / marginsPerStep
    let range = (low / margin).rounded(.down) * margin...(high / margin).rounded(.up) * margin
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    let decimals = Int(max(0, -(log10(step) + 1e-9).rounded(.down)))
    let isLong = decimals > 6 || max(first.magnitude, last.magnitude) * step >= 1e6
    let ticks = (0...Int(last - first)).map { index in
      let value = (first + Double(index)) * step
      return Tick(value: value, label: isLong ? NumberFormat.significant(value) : NumberFormat.fixed(value, decimals))
    }
    return PlotAxis(range: range, ticks: ticks, isLogarithmic: false)
  }

  /// The least of 1, 2 or 5 times a power of ten that is not below `value`.
  private static func roundStep(atLeast value: Double) -> Double {
    let power = pow(10, log10(value).rounded(.down))
    return [1, 2, 5].map { $0 * power }.first { $0 >= value * (1 - 1e-9) } ?? 10 * power
  }

  /// Ends at 1 to 9 times a power of ten; written are 1, 2 and 5 times one, over more than two powers only these, and all
  /// where there are too few.
  private static func logarithmic(_ values: ClosedRange<Double>) -> PlotAxis {
    let exponents = Int(log10(values.lowerBound).rounded(.down))...Int(log10(values.upperBound).rounded(.up))
    let marks = exponents.flatMap { exponent in
      (1...9).map { (factor: $0, exponent: exponent, value: Double($0) * pow(10, Double(exponent))) }
    }.filter { $0.value > 0 && $0.value.isFinite }
    let first = marks.lastIndex { $0.value <= values.lowerBound * (1 + 1e-9) } ?? 0
    var last = marks.firstIndex { $0.value >= values.upperBound * (1 - 1e-9) } ?? marks.count - 1
    if last <= first { last = min(first + 1, marks.count - 1) }
    guard first < last else { return linear(values, ticks: 2) }
    let range = marks[first].value...marks[last].value
    let choices: [Set<Int>] = exponents.count > 3 ? [[1], [1, 2, 5]] : [[1, 2, 5]]
    let chosen =
      choices.lazy.map { factors in marks[first...last].filter { factors.contains($0.factor) } }
      .first { $0.count >= 2 } ?? Array(marks[first...last])
    let ticks = chosen.map { mark in
      let label =
        (-4...4).contains(mark.exponent)
        ? NumberFormat.fixed(mark.value, max(0, -mark.exponent)) : "\(mark.factor)e\(mark.exponent)"
      return Tick(value: mark.value, label: label)
    }
    return PlotAxis(range: range, ticks: ticks, isLogarithmic: true)
  }
}
