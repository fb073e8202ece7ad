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
  require(
    predictions.shape == targets.shape,
    "meanSquaredError: expected targets: \(predictions.shape), got \(targets.shape); nothing is broadcast")
  predictions.requireFloatingPoint("meanSquaredError")
  require(predictions.count > 0, "meanSquaredError: expected at least one element, got \(predictions.shape)")
  let difference = predictions.values - targets.values
  let loss = (difference * difference).total() / Double(predictions.count)
  let slope = 2 / Double(predictions.count)
  let (towardsPredictions, towardsTargets) = (predictions.requiresGradient, targets.requiresGradient)
  return loss.recorded("meanSquaredError", from: predictions, targets) { gradient in
    let slopes = difference * (gradient * slope)
    return [towardsPredictions ? .values(slopes) : nil, towardsTargets ? .values(-slopes) : nil]
  }
}
