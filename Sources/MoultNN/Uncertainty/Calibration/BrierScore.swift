import MoultCore

/// Returns the Brier score, the mean squared distance between class probabilities and one-hot labels: 0 if every label
/// has probability 1, 2 if for every sample a wrong class has probability 1.
///
///     score = 1/N · Σ_n Σ_k (p[n][k] - onehot(labels[n])[k])²
///
/// - Shapes: `probabilities: [N, K]`, `N` at least 1, `labels: [N]`.
/// - Complexity: O(*N* · *K*).
/// - Source: [Brier 1950](https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2), equation 2, the sum
///   over all classes.
///
/// - Parameters:
///   - probabilities: Class probabilities, such as the mean of a ``Prediction``.
///   - labels: The correct classes, integers in `0..<K`.
/// - Returns: The score, 0 to 2; lower is better.
public func brierScore(_ probabilities: Tensor, _ labels: Tensor) -> Double {
  let samples = LabeledProbabilities(probabilities, labels, "brierScore")
  var sum = 0.0
  for sample in 0..<samples.count {
    let row = samples.row(sample), right = row.startIndex + samples.labels[sample]
    for i in row.indices {
      let difference = row[i] - (i == right ? 1 : 0)
      sum += difference * difference
    }
  }
  return sum / Double(samples.count)
}
