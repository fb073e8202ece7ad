import MoultCore

/// The accuracy of predictions as a function of their confidence. A model is calibrated if the two are equal.
///
/// The confidence of a prediction is the probability of the most probable class. Samples are sorted by confidence into
/// `M` bins of equal width; bin `m` is `(m / M, (m + 1) / M]`.
///
/// ```swift
/// let diagram = ReliabilityDiagram(prediction.mean, labels)
/// print(diagram.expectedCalibrationError)
/// for bin in diagram.bins where bin.count > 0 { print(bin.confidence, bin.accuracy) }
/// ```
///
/// - Complexity: O(*N* · *K*).
/// - Source: [Guo et al. 2017](https://arxiv.org/abs/1706.04599), section 2.
public struct ReliabilityDiagram: Sendable, Equatable {
  /// The samples whose confidence lies in one interval.
  public struct Bin: Sendable, Equatable {
    /// The bounds of the interval: the samples have `lower` < confidence <= `upper`.
    public let lower, upper: Double
    /// The number of samples.
    public let count: Int
    /// The mean confidence of the samples; NaN if the bin is empty.
    public let confidence: Double
    /// The fraction of the samples that are classified correctly; NaN if the bin is empty.
    public let accuracy: Double

    /// Whether two bins have equal bounds, counts and means. The means of two empty bins, which are NaN, count as
    /// equal.
    public static func == (a: Bin, b: Bin) -> Bool {
      (a.lower, a.upper, a.count) == (b.lower, b.upper, b.count)
        && (a.count == 0 || (a.confidence, a.accuracy) == (b.confidence, b.accuracy))
    }
  }

  /// The bins by increasing confidence.
  public let bins: [Bin]

  /// Sorts samples into bins by confidence.
  ///
  /// - Parameters:
  ///   - probabilities: Class probabilities, `[N, K]`, `N` at least 1.
  ///   - labels: The correct classes, `[N]`, integers in `0..<K`.
  ///   - bins: The number of bins, at least 1.
  public init(_ probabilities: Tensor, _ labels: Tensor, bins: Int = 15) {
    require(bins >= 1, "ReliabilityDiagram: expected at least 1 bin, got \(bins)")
    let samples = LabeledProbabilities(probabilities, labels, "ReliabilityDiagram")
    var counts = [Int](repeating: 0, count: bins), correct = counts
    var confidences = [Double](repeating: 0, count: bins)
    for sample in 0..<samples.count {
      let answer = samples.answer(sample)
      var bin = min(max(Int((answer.confidence * Double(bins)).rounded(.up)) - 1, 0), bins - 1)
      // Rounding of the product may have given a neighbouring bin.
      while bin > 0, answer.confidence <= Double(bin) / Double(bins) { bin -= 1 }
      while bin < bins - 1, answer.confidence > Double(bin + 1) / Double(bins) { bin += 1 }
      counts[bin] += 1
      confidences[bin] += answer.confidence
      if answer.label == samples.labels[sample] { correct[bin] += 1 }
    }
    self.bins = (0..<bins).map { bin in
      let count = Double(counts[bin])
      return Bin(
        lower: Double(bin) / Double(bins), upper: Double(bin + 1) / Double(bins), count: counts[bin],
        confidence: confidences[bin] / count, accuracy: Double(correct[bin]) / count)
    }
  }

  /// The expected calibration error (ECE), 0 to 1: the mean difference of confidence and accuracy, weighted by the
  /// number of samples in the bins.
  ///
  ///     ECE = Σ_m count_m / N · |accuracy_m - confidence_m|
  public var expectedCalibrationError: Double {
    let total = Double(bins.reduce(0) { $0 + $1.count })
    return bins.reduce(0) { $0 + ($1.count > 0 ? Double($1.count) / total * Self.gap($1) : 0) }
  }

  /// The maximum difference of confidence and accuracy over the bins with samples (MCE), 0 to 1.
  public var maximumCalibrationError: Double { bins.reduce(0) { $1.count > 0 ? max($0, Self.gap($1)) : $0 } }

  private static func gap(_ bin: Bin) -> Double { (bin.accuracy - bin.confidence).magnitude }
}
