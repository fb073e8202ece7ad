import MoultCore
import MoultPlatform

/// Divides logits by a temperature that is fitted on validation data, so that the probabilities are calibrated.
///
///     probabilities = softmax(logits / temperature)
///
/// A temperature above 1 means that the model was overconfident, below 1 that it was underconfident. The scaling does
/// not change the most probable class.
///
/// ```swift
/// let scaling = TemperatureScaling(fitting: model.evaluating { model(validation.inputs) }, validation.labels)
/// let probabilities = softmax(scaling(model(x)))
/// ```
///
/// - Source: [Guo et al. 2017](https://arxiv.org/abs/1706.04599), section 4.2.
public struct TemperatureScaling: Module, Equatable {
  /// The number that logits are divided by.
  public let temperature: Double

  /// The range of temperatures that the fit searches.
  public static let range = 0.001...1_000.0
  private static let mostSteps = 200

  /// Makes a scaling with a known temperature.
  ///
  /// - Parameter temperature: The number that logits are divided by, above 0 and finite.
  public init(temperature: Double) {
    require(
      temperature > 0 && temperature < .infinity,
      "TemperatureScaling: expected a temperature above 0, got \(temperature)")
    self.temperature = temperature
  }

  /// Makes the scaling whose temperature minimizes the cross entropy on validation data.
  ///
  /// The cross entropy is convex in 1 / temperature. Newton's method finds the root of its derivative; a step that
  /// would leave the interval of the root is replaced by one to the geometric mean of the bounds.
  ///
  /// - Edge cases: If every label has the largest logit, a lower temperature is always better, and the result is the
  ///   lower bound of ``range``. If the logits say nothing about the labels, or the opposite, it is the upper bound.
  /// - Complexity: O(*N* · *K*) for each of about ten steps.
  ///
  /// - Parameters:
  ///   - logits: The finite outputs for validation data, `[N, K]`, `N` at least 1. Training data would give a wrong
  ///     temperature.
  ///   - labels: The correct classes, `[N]`, integers in `0..<K`.
  public init(fitting logits: Tensor, _ labels: Tensor) {
    let (values, classes, classCount) = LabeledProbabilities.checked(
      logits, labels, "TemperatureScaling", "logits")
    require(values.allSatisfy(\.isFinite), "TemperatureScaling: expected finite logits, got NaN or infinity")
    /// Returns the first and second derivatives of the summed cross entropy with respect to 1 / temperature.
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
  /// - Parameter logits: The outputs of the model, of any shape.
  /// - Returns: The scaled logits, whose softmax is calibrated.
  public func callAsFunction(_ logits: Tensor) -> Tensor { logits / temperature }
}
