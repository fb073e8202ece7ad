import MoultCore
import MoultNN

/// The expected calibration error (ECE) of a ``ReliabilityDiagram`` over all samples. Its name is
/// `expected_calibration_error`.
///
/// - Shapes: `outputs: [N, K]` and integer `labels: [N]`; for two classes also logits of class 1, `[N]` or `[N, 1]`.
/// - Edge cases: nil if there are no samples, or if a probability is NaN. Weights are ignored.
/// - Complexity: O(*N* · *K*) time and memory.
/// - Source: [Guo et al. 2017](https://arxiv.org/abs/1706.04599), section 2.
public struct ExpectedCalibrationError: Metric {
  /// The number of bins of equal width.
  public let bins: Int
  private var probabilities: [Double] = []
  private var labels: [Int] = []

  /// Makes the metric.
  ///
  /// - Parameter bins: The number of bins, at least 1.
  public init(bins: Int = 15) {
    require(bins >= 1, "ExpectedCalibrationError: expected at least 1 bin, got \(bins)")
    self.bins = bins
  }

  /// The name `expected_calibration_error`.
  public var name: String { "expected_calibration_error" }
  /// True: lower is better.
  public var isBetterLower: Bool { true }

  /// The error over the samples so far, 0 to 1.
  public var value: Double? {
    guard !labels.isEmpty, !probabilities.contains(where: \.isNaN) else { return nil }
    let shape = [labels.count, probabilities.count / labels.count]
    return ReliabilityDiagram(Tensor(probabilities, shape: shape), Tensor(labels: labels), bins: bins)
      .expectedCalibrationError
  }

  /// Adds the predictions of one batch.
  public mutating func update(_ outputs: Tensor, _ labels: Tensor, weights: Tensor?) {
    self.labels += ClassifiedBatch.checked(outputs, labels, weights: weights, "ExpectedCalibrationError").labels
    let logits = outputs.detached().cast(to: .float64)
    if ClassifiedBatch.isBinary(outputs) {
      probabilities += sigmoid(logits).scalars(as: Double.self).flatMap { [1 - $0, $0] }
    } else {
      probabilities += softmax(logits, axis: 1).scalars(as: Double.self)
    }
  }
}

extension Metric where Self == ExpectedCalibrationError {
  /// The expected calibration error of softmax probabilities.
  public static func expectedCalibrationError(bins: Int = 15) -> ExpectedCalibrationError { .init(bins: bins) }
}
