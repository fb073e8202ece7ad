import MoultCore
import MoultPlatform

/// Divides logits by one number, fitted on validation data, so that the probabilities are calibrated.
///
///     probabilities = softmax(logits / temperature)
///
/// A temperature above 1 means that the model was overconfident, one below 1 that it was underconfident. The most
/// probable class stays the same.
///
/// ```swift
/// let scaling = TemperatureScaling(fitting: model.evaluating { model(validation.inputs) }, validation.labels)
/// let probabilities = softmax(scaling(model(x)))
/// ```
///
/// - Source: [Guo et al. 2017](https://arxiv.org/abs/1706.04599), section 4.2.
public struct TemperatureScaling: Module, Equatable {
  /// The divisor of the logits.
  public let temperature: Double

  /// The temperatures that are searched.
  public static let range = 0.001...1_000.0
  private static let mostSteps = 200

  /// Makes a scaling with a known temperature.
  ///
  /// - Parameter temperature: The divisor of the logits, above 0.
  public init(temperature: Double) {
    require(
      temperature > 0 && temperature < .infinity,
      "TemperatureScaling: expected a temperature above 0, got \(temperature)")
    self.temperature = temperature
  }

  /// Makes the scaling with the least cross entropy on validation data.
  ///
  /// The cross entropy is convex in 1 / temperature: Newton's method on its slope, kept within an interval that halves
  /// where a step would leave it.
  ///
  /// - Edge cases: if every label is the largest logit, the lower the better: the lowest temperature of ``range``. If
  ///   the logits tell nothing or the wrong thing, the highest.
  /// - Complexity: O(*N* · *K*) for each of about ten steps.
  ///
  /// - Parameters:
  ///   - logits: The outputs for validation data, `[N, K]`, finite, `N` at least 1; not the data that the model was
  ///     trained on.
  ///   - labels: The right classes, `[N]`.
  public init(fitting logits: Tensor, _ labels: Tensor) {
    let (values, classes, classCount) = LabeledProbabilities.checked(
      logits, labels, "TemperatureScaling", "logits")
    require(values.allSatisfy(\.isFinite), "TemperatureScaling: expected finite logits, got NaN or infinity")
    /// The slope of the sum of the cross entropies by 1 / temperature, and the slope of that.
    func slopes(at inverse: Double) -> (first: Double, second: Double) {
      var first = 0.0, second = 0.0
      for (sample, label) in classes.enumerated() {
        let row = values[sample * classCount..<(sample + 1) * classCount]
        let right = row[row.startIndex + label], top = row.max() ?? 0
        var total = 0.0, mean = 0.0, square = 0.0
        for value in row {
          let weight = exp((value - top) * inverse), distance = value - right
          total += weight
          mean += weight * distance
          square += weight * distance * distance
        }
        first += mean / total
        second += square / total - mean / total * (mean / total)
      }
      return (first, second)
    }
    var low = 1 / Self.range.upperBound, high = 1 / Self.range.lowerBound
    if slopes(at: low).first >= 0 {
      temperature = 1 / low
      return
    }
    if slopes(at: high).first <= 0 {
      temperature = 1 / high
      return
    }
    var inverse = 1.0
    for _ in 0..<Self.mostSteps {
      let (first, second) = slopes(at: inverse)
      if first > 0 { high = inverse } else { low = inverse }
      var next = inverse - first / second
      if !(next > low && next < high) { next = (low * high).squareRoot() }
      let change = (next - inverse).magnitude
      inverse = next
      if change <= 1e-12 * inverse { break }
    }
    temperature = 1 / inverse
  }

  /// Divides logits by the temperature.
  ///
  /// - Parameter logits: The outputs of the model.
  /// - Returns: The scaled logits, whose softmax is calibrated.
  public func callAsFunction(_ logits: Tensor) -> Tensor { logits / temperature }
}
