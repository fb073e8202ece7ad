import MoultCore
import MoultPlatform

/// The mean negative log-likelihood of targets under normal distributions whose mean and variance the model gives.
///
///     loss = mean(½ · ((y - μ)² · e^-s + s + log 2π))
///
/// The outputs are means μ and log-variances s, as a ``GaussianHead`` makes them: a model learns where its data
/// scatter.
///
/// - Shapes: `outputs: [N, 2 · D]`, `targets: [N, D]` -> `[]`. Nothing is broadcast.
/// - Gradient: `dμ = (μ - y) · e^-s / count`, `ds = ½ · (1 - (y - μ)² · e^-s) / count`.
/// - Edge cases: an empty batch is refused, as it has no mean.
/// - Complexity: O(*N* · *D*) time.
/// - Source: [Nix and Weigend 1994](https://doi.org/10.1109/ICNN.1994.374138);
///   [Kendall and Gal 2017](https://arxiv.org/abs/1703.04977), equation 8.
///
/// - Parameters:
///   - outputs: Means and log-variances.
///   - targets: The observed values.
/// - Returns: The loss, a scalar.
public func gaussianNegativeLogLikelihood(_ outputs: Tensor, _ targets: Tensor) -> Tensor {
  require(
    outputs.rank == 2 && targets.rank == 2 && outputs.shape == [targets.shape[0], 2 * targets.shape[1]],
    "gaussianNegativeLogLikelihood: expected outputs: [N, 2 · D] and targets: [N, D], got \(outputs.shape) and "
      + "\(targets.shape)")
  require(
    targets.count > 0, "gaussianNegativeLogLikelihood: expected at least one element, got \(targets.shape)")
  let size = targets.shape[1]
  let difference = targets - outputs[0..., 0..<size], logVariance = outputs[0..., size...]
  // The root's exponential overflows at half the log-variance only: an exact fit stays one.
  let deviations = difference * exp(logVariance * -0.5)
  return ((deviations * deviations + logVariance).mean() + log(2 * Double.pi)) / 2
}
