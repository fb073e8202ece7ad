import MoultCore
import MoultPlatform

/// The mean negative logarithm of the probability that the right class was given, in nats.
///
///     nll = -1/N · Σ log p[n][labels[n]]
///
/// For the mean probabilities of many passes it is the negative log-likelihood of the predictive distribution. To
/// train, use ``crossEntropy(_:_:)`` of logits.
///
/// - Shapes: `probabilities: [N, K]`, `N` at least 1, `labels: [N]`.
/// - Edge cases: infinite if a right class has the probability 0.
/// - Complexity: O(*N*), after checks in O(*N* · *K*).
///
/// - Parameters:
///   - probabilities: Class probabilities, such as the mean of a ``Prediction``.
///   - labels: The right classes.
/// - Returns: The mean, lower is better.
public func negativeLogLikelihood(_ probabilities: Tensor, _ labels: Tensor) -> Double {
  let samples = LabeledProbabilities(probabilities, labels, "negativeLogLikelihood")
  let sum = (0..<samples.count).reduce(0.0) { sum, sample in
    let row = samples.row(sample)
    return sum - log(max(row[row.startIndex + samples.labels[sample]], 0))
  }
  return sum / Double(samples.count)
}
