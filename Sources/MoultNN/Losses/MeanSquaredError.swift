import MoultCore

/// The mean of the squared differences between predictions and targets.
///
///     loss = mean((predictions - targets)²)
///
/// - Shapes: `predictions: [...]`, `targets:` the same -> `[]`. Nothing is broadcast: `[N, 1]` with `[N]` stops the
///   program.
/// - Gradient: `dpredictions = 2 · (predictions - targets) / count`, `dtargets = -dpredictions`.
/// - Edge cases: an empty batch has no mean and stops the program.
/// - Complexity: O(*n*) time.
///
/// - Parameters:
///   - predictions: The outputs of the model.
///   - targets: The true values.
/// - Returns: The loss, a scalar.
public func meanSquaredError(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
  requireComparable(predictions, targets, "meanSquaredError")
  let difference = predictions.values - targets.values
  let loss = (difference * difference).total() / Double(predictions.count)
  let slope = 2 / Double(predictions.count)
  let (towardsPredictions, towardsTargets) = (predictions.requiresGradient, targets.requiresGradient)
  return loss.recorded("meanSquaredError", from: predictions, targets) { gradient in
    let slopes = difference * (gradient * slope)
    return [towardsPredictions ? .values(slopes) : nil, towardsTargets ? .values(-slopes) : nil]
  }
}

/// The mean of the squared differences between predictions and targets, weighted by sample.
///
///     loss = Σ w[n] · mean((predictions[n] - targets[n])²) / Σ w[n]
///
/// - Shapes: `predictions: [N, ...]`, `targets:` the same, `weights: [N]` -> `[]`.
/// - Gradient: flows into predictions and targets, not into weights.
/// - Edge cases: equal weights and nil give `meanSquaredError(_:_:)`.
/// - Complexity: O(*n*) time and memory.
/// - Source: the weighted mean of `sklearn.metrics.mean_squared_error(sample_weight:)`.
///
/// - Parameters:
///   - predictions: The outputs of the model.
///   - targets: The true values.
///   - weights: The weight w of each sample, 0 or more, with one above 0; nil for equal weights.
/// - Returns: The loss, a scalar.
public func meanSquaredError(_ predictions: Tensor, _ targets: Tensor, weights: Tensor?) -> Tensor {
  guard let weights else { return meanSquaredError(predictions, targets) }
  requireComparable(predictions, targets, "meanSquaredError")
  let difference = predictions - targets
  return (difference * difference).mean(weights: weights, "meanSquaredError")
}
