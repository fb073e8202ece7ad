import MoultCore

/// The Huber loss with `delta: 1`; see ``huberLoss(_:_:delta:weights:)``.
public func huberLoss(_ predictions: Tensor, _ targets: Tensor) -> Tensor { huberLoss(predictions, targets, delta: 1) }

/// The mean Huber loss: half the squared difference up to `delta`, and a line of slope `delta` beyond, so that outliers
/// have less influence.
///
///     d = |predictions - targets|
///     loss = mean(d <= delta ? d² / 2 : delta · (d - delta / 2))
///
/// With weights it is the weighted mean `Σ w[n] · loss[n] / Σ w[n]` of the losses of the samples. PyTorch's weighted
/// Huber loss is not divided by the sum of the weights but by the count.
///
/// - Shapes: `predictions: [N, ...]`, `targets:` the same, `weights: [N]` -> `[]`. Nothing is broadcast.
/// - Gradient: `dpredictions = max(-delta, min(predictions - targets, delta)) / count`, `dtargets = -dpredictions`.
/// - Edge cases: an empty batch has no mean and stops the program.
/// - Complexity: O(*n*) time.
/// - Source: [Huber 1964](https://doi.org/10.1214/aoms/1177703732), in the form of `torch.nn.HuberLoss`.
///
/// - Parameters:
///   - predictions: The outputs of the model.
///   - targets: The true values.
///   - delta: The difference from which on the loss is linear, above 0.
///   - weights: The weight w of each sample, 0 or more, with one above 0; nil for equal weights.
/// - Returns: The loss, a scalar.
public func huberLoss(_ predictions: Tensor, _ targets: Tensor, delta: Double = 1, weights: Tensor? = nil) -> Tensor {
  require(delta > 0 && delta.isFinite, "huberLoss: expected delta > 0, got \(delta)")
  requireComparable(predictions, targets, "huberLoss")
  let difference = abs(predictions - targets)
  let within = difference - relu(difference - delta)
  return (within * (difference - within / 2)).mean(weights: weights, "huberLoss")
}

/// The smooth L1 loss with `beta: 1`, which is the Huber loss; see ``smoothL1Loss(_:_:beta:weights:)``.
public func smoothL1Loss(_ predictions: Tensor, _ targets: Tensor) -> Tensor { huberLoss(predictions, targets) }

/// The mean smooth L1 loss: the Huber loss divided by `beta`, so that the slope of the lines is 1.
///
///     d = |predictions - targets|
///     loss = mean(d <= beta ? d² / (2 · beta) : d - beta / 2)
///
/// - Shapes: `predictions: [N, ...]`, `targets:` the same, `weights: [N]` -> `[]`. Nothing is broadcast.
/// - Gradient: that of ``huberLoss(_:_:delta:weights:)`` divided by `beta`.
/// - Edge cases: an empty batch has no mean and stops the program.
/// - Complexity: O(*n*) time.
/// - Source: [Girshick 2015](https://arxiv.org/abs/1504.08083), equation 3, in the form of `torch.nn.SmoothL1Loss`.
///
/// - Parameters:
///   - predictions: The outputs of the model.
///   - targets: The true values.
///   - beta: The difference from which on the loss is linear, above 0.
///   - weights: The weight w of each sample, 0 or more, with one above 0; nil for equal weights.
/// - Returns: The loss, a scalar.
public func smoothL1Loss(
  _ predictions: Tensor, _ targets: Tensor, beta: Double = 1, weights: Tensor? = nil
) -> Tensor {
  huberLoss(predictions, targets, delta: beta, weights: weights) / beta
}
