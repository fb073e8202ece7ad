import MoultFormats
import MoultPlatform

/// The marks of an axis: multiples of 1, 2 or 5 times a power of ten, each with its label.
///
/// - Source: Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990.
package struct NiceTicks: Equatable {
  /// Where the marks are, rising.
  package let values: [Double]
  /// Their labels, each with the same number of decimals.
  package let labels: [String]

  /// Ends of an axis that are two different finite numbers, for the range of any values.
  package static func ends(_ values: some Sequence<Double>) -> ClosedRange<Double> {
    var low = Double.infinity, high = -Double.infinity
    for value in values where value.isFinite {
      // Sums and steps of greater numbers would overflow.
      let value = min(max(value, -1e300), 1e300)
      (low, high) = (min(low, value), max(high, value))
    }
    guard low <= high else { return 0...1 }
    // Values that differ in their last digits only cannot be told apart in a chart, nor its ticks by their labels.
    let least = max(low.magnitude, high.magnitude) * 1e-9
    if high / 2 - low / 2 > least / 2, high - low >= 1e-290 { return low...high }
    let margin = max(low.magnitude / 2 * 0.1, least, low.magnitude < 1e-280 ? 1 : 0)
    return low - margin...high + margin
  }

  /// Marks on a linear axis.
  ///
  /// - Parameters:
  ///   - range: The ends of the axis, finite and not the same.
  ///   - most: The greatest number of marks wanted, at least 2.
  ///   - isInteger: Whether only whole numbers are marked, as for epochs.
  package static func linear(_ range: ClosedRange<Double>, most: Int, isInteger: Bool = false) -> NiceTicks {
    marks(in: range, step: step(range, most: most, isInteger: isInteger), most: most + 2)
  }

  /// The multiples of a step in a range, the first `most` of them.
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

  /// Marks on a logarithmic axis: powers of ten, with 2 and 5 between them where there is room.
  ///
  /// - Parameters:
  ///   - range: The ends of the axis, finite, above 0 and not the same.
  ///   - most: The greatest number of marks wanted, at least 2.
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

  /// As many marks on a linear axis as fit beside each other without touching, or two if not even they do.
  ///
  /// - Parameter length: The length of the axis in the units of a chart.
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

  /// The range widened to whole steps, so that the axis begins and ends at a mark.
  package static func widened(_ range: ClosedRange<Double>, most: Int) -> ClosedRange<Double> {
    let size = step(range, most: most).size
    let low = (range.lowerBound / size + 1e-9).rounded(.down) * size
    let high = (range.upperBound / size - 1e-9).rounded(.up) * size
    return low.isFinite && high.isFinite && low < high ? low...high : range
  }

  /// A distance between marks: 1, 2 or 5 times a power of ten.
  struct Step: Equatable {
    let mantissa: Double
    let exponent: Int

    /// A multiple. Steps are counted, not added, and negative powers of ten divide, so that no error piles up: 3 / 10,
    /// not 3 · 0.1.
    func times(_ count: Double) -> Double {
      let scale = pow(10, Double(exponent.magnitude))
      return exponent < 0 ? count * mantissa / scale : count * mantissa * scale
    }

    var size: Double { times(1) }

    /// Whether a number holds it: near the greatest and the least numbers none may.
    var isUsable: Bool { size > 0 && size.isFinite }
  }

  /// The least step that makes at most `most` marks, or one more, in the range.
  static func step(_ range: ClosedRange<Double>, most: Int, isInteger: Bool = false) -> Step {
    // Halves, since the whole span of the greatest numbers overflows.
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
