import MoultFormats
import MoultPlatform

/// The ticks of an axis at multiples of 1, 2 or 5 times a power of ten, with their labels.
///
/// - Source: Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990.
package struct NiceTicks: Equatable {
  /// The values of the ticks, increasing.
  package let values: [Double]
  /// The labels of the ticks, with the same number of decimals where possible.
  package let labels: [String]

  /// Returns the range of an axis for any values: two distinct finite numbers, also if the values are equal, huge or
  /// not finite.
  package static func ends(_ values: some Sequence<Double>) -> ClosedRange<Double> {
    var low = Double.infinity, high = -Double.infinity
    for value in values where value.isFinite {
      // Sums and steps of larger numbers would overflow.
      let value = min(max(value, -1e300), 1e300)
      (low, high) = (min(low, value), max(high, value))
    }
    guard low <= high else { return 0...1 }
    // Values that differ only in their last digits look equal in a chart and would have equal tick labels.
    let least = max(low.magnitude, high.magnitude) * 1e-9
    if high / 2 - low / 2 > least / 2, high - low >= 1e-290 { return low...high }
    let margin = max(low.magnitude / 2 * 0.1, least, low.magnitude < 1e-280 ? 1 : 0)
    return low - margin...high + margin
  }

  /// Returns the ticks of a linear axis.
  ///
  /// - Parameters:
  ///   - range: The range of the axis: two distinct finite numbers.
  ///   - most: The wanted maximum number of ticks, at least 2.
  ///   - isInteger: Whether the ticks are integers only, as for epochs.
  package static func linear(_ range: ClosedRange<Double>, most: Int, isInteger: Bool = false) -> NiceTicks {
    marks(in: range, step: step(range, most: most, isInteger: isInteger), most: most + 2)
  }

  /// Returns ticks at the multiples of a step in a range, at most `most` of them.
  static func marks(in range: ClosedRange<Double>, step: Step, most: Int) -> NiceTicks {
    guard step.isUsable else { return NiceTicks(values: [], labels: []) }
    var values: [Double] = []
    var index = (range.lowerBound / step.size - 1e-9).rounded(.up)
    let end = min(range.upperBound + step.size * 1e-9, .greatestFiniteMagnitude)
    while step.times(index) <= end, values.count < most {
      values.append(step.times(index))
      index += 1
    }
    let decimals = max(0, -step.exponent)
    let largest = max(range.lowerBound.magnitude, range.upperBound.magnitude)
    let labels = values.map { label($0, decimals: decimals, isLong: largest >= 1e6 || decimals > 5) }
    return NiceTicks(values: values, labels: labels)
  }

  /// Returns the ticks of a logarithmic axis: powers of ten, with 2 and 5 times these if there is room.
  ///
  /// - Parameters:
  ///   - range: The range of the axis: two distinct positive finite numbers.
  ///   - most: The wanted maximum number of ticks, at least 2.
  package static func logarithmic(_ range: ClosedRange<Double>, most: Int) -> NiceTicks {
    let first = Int(log10(range.lowerBound).rounded(.down)), last = Int(log10(range.upperBound).rounded(.up))
    func marks(_ mantissas: [Double], every: Int) -> [(value: Double, exponent: Int)] {
      var found: [(value: Double, exponent: Int)] = []
      for exponent in stride(from: first, through: last, by: every) {
        for mantissa in mantissas {
          let value = mantissa * pow(10, Double(exponent))
          let isInside = range.lowerBound * (1 - 1e-9) <= value && value <= range.upperBound * (1 + 1e-9)
          if isInside { found.append((value, exponent)) }
        }
      }
      return found
    }
    var found = marks([1, 2, 5], every: 1)
    if found.count > most { found = marks([1], every: 1) }
    if found.count > most { found = marks([1], every: (found.count + most - 1) / most) }
    guard found.count >= 2 else { return linear(range, most: most) }
    return NiceTicks(
      values: found.map(\.value),
      labels: found.map { label($0.value, decimals: max(0, -$0.exponent), isLong: abs($0.exponent) > 4) })
  }

  /// Returns the largest number of ticks on a linear axis whose labels do not overlap, but at least the ticks for
  /// `most: 2`.
  ///
  /// - Parameters:
  ///   - range: The range of the axis: two distinct finite numbers.
  ///   - length: The length of the axis, in the units of a chart.
  ///   - unit: The text after each label.
  ///   - isInteger: Whether the ticks are integers only.
  package static func fitting(
    _ range: ClosedRange<Double>, length: Double, unit: String, isInteger: Bool = false
  ) -> NiceTicks {
    for most in stride(from: 9, to: 2, by: -1) {
      let ticks = linear(range, most: most, isInteger: isInteger)
      let needed = (ticks.labels.map { ChartText.width($0 + unit) }.max() ?? 0) + 12
      let scale = ChartScale(domain: range, from: 0, to: length, isLogarithmic: false)
      let places = ticks.values.compactMap { scale($0) }
      if zip(places, places.dropFirst()).allSatisfy({ $1 - $0 >= needed }) { return ticks }
    }
    return linear(range, most: 2, isInteger: isInteger)
  }

  /// Returns the range extended to multiples of the step, so that the axis begins and ends at a tick.
  package static func widened(_ range: ClosedRange<Double>, most: Int) -> ClosedRange<Double> {
    let size = step(range, most: most).size
    let low = (range.lowerBound / size + 1e-9).rounded(.down) * size
    let high = (range.upperBound / size - 1e-9).rounded(.up) * size
    return low.isFinite && high.isFinite && low < high ? low...high : range
  }

  /// The distance between ticks: 1, 2 or 5 times a power of ten.
  struct Step: Equatable {
    let mantissa: Double
    let exponent: Int

    /// Returns `count` times the step. Negative powers of ten are divided by, so that there is no rounding error: 3 /
    /// 10, not 3 · 0.1.
    func times(_ count: Double) -> Double {
      let scale = pow(10, Double(exponent.magnitude))
      return exponent < 0 ? count * mantissa / scale : count * mantissa * scale
    }

    var size: Double { times(1) }

    /// Whether the size of the step is a positive finite `Double`, which fails near the limits of `Double`.
    var isUsable: Bool { size > 0 && size.isFinite }
  }

  /// Returns the smallest step that gives at most `most` ticks, or one more, in the range.
  static func step(_ range: ClosedRange<Double>, most: Int, isInteger: Bool = false) -> Step {
    // The difference of the halves, because the full range of the largest numbers overflows.
    let half = (range.upperBound / 2 - range.lowerBound / 2) / Double(max(most - 1, 1))
    let rough = min(half, .greatestFiniteMagnitude / 2) * 2
    var exponent = Int(log10(rough).rounded(.down))
    let rest = rough / pow(10, Double(exponent))
    var mantissa = 10.0
    for nice in [1.0, 2, 5] where rest <= nice * (1 + 1e-9) {
      mantissa = nice
      break
    }
    if mantissa == 10 { (mantissa, exponent) = (1, exponent + 1) }
    return isInteger && exponent < 0 ? Step(mantissa: 1, exponent: 0) : Step(mantissa: mantissa, exponent: exponent)
  }

  private static func label(_ value: Double, decimals: Int, isLong: Bool) -> String {
    if value == 0 { return "0" }
    if !isLong { return decimals > 0 ? NumberFormat.fixed(value, decimals) : NumberFormat.grouped(value) }
    var exponent = Int(log10(value.magnitude).rounded(.down))
    var mantissa = value / pow(10, Double(exponent))
    if mantissa.magnitude >= 9.9995 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    var text = NumberFormat.fixed(mantissa, 3)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text + "e\(exponent)"
  }
}
