import MoultCore
import MoultPlatform

/// Returns the mean negative logarithm of the probability of the correct class, in nats.
///
///     nll = -1/N · Σ log p[n][labels[n]]
///
/// With the mean probabilities of many passes, the result is the negative log-likelihood of the predictive
/// distribution. As a training loss use ``crossEntropy(_:_:)``, which takes logits.
///
/// - Shapes: `probabilities: [N, K]`, `N` at least 1, `labels: [N]`.
/// - Edge cases: The result is infinite if a correct class has the probability 0.
/// - Complexity: O(*N*), after checks in O(*N* · *K*).
///
/// - Parameters:
///   - probabilities: Class probabilities, such as the mean of a ``Prediction``.
///   - labels: The correct classes, integers in `0..<K`.
/// - Returns: The mean; lower is better.
public func negativeLogLikelihood(_ probabilities: Tensor, _ labels: Tensor) -> Double {
  let samples = LabeledProbabilities(probabilities, labels, "negativeLogLikelihood")
  let sum = (0..<samples.count).reduce(0.0) { sum, sample in
    let row = samples.row(sample)
    return sum - log(max(row[row.startIndex + samples.labels[sample]], 0))
  }
  return sum / Double(samples.count)
}
