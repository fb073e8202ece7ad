import MoultCore
import MoultPlatform

/// The mean negative log-likelihood of targets under normal distributions whose mean and variance the model predicts.
///
///     loss = mean(½ · ((y - μ)² · e^-s + s + log 2π))
///
/// The model's outputs are means μ and log-variances s, as from a ``GaussianHead``. With this loss a model also learns
/// the variance of the noise in its targets, for each input.
///
/// - Shapes: `outputs: [N, 2 · D]`, the means first, `targets: [N, D]` -> `[]`. Nothing is broadcast.
/// - Gradient: `dμ = (μ - y) · e^-s / count`, `ds = ½ · (1 - (y - μ)² · e^-s) / count`.
/// - Edge cases: an empty batch has no mean and stops the program.
/// - Complexity: O(*N* · *D*) time.
/// - Source: [Nix and Weigend 1994](https://doi.org/10.1109/ICNN.1994.374138);
///   [Kendall and Gal 2017](https://arxiv.org/abs/1703.04977), equation 8.
///
/// - Parameters:
///   - outputs: The means μ and log-variances s, `[N, 2 · D]`.
///   - targets: The target values y, `[N, D]`.
/// - Returns: The loss, a scalar.
public func gaussianNegativeLogLikelihood(_ outputs: Tensor, _ targets: Tensor) -> Tensor {
  gaussianNegativeLogLikelihood(outputs, targets, weights: nil)
}

/// The mean negative log-likelihood of targets under predicted normal distributions, weighted by sample.
///
///     loss = Σ w[n] · mean(½ · ((y[n] - μ[n])² · e^-s[n] + s[n] + log 2π)) / Σ w[n]
///
/// - Shapes: `outputs: [N, 2 · D]`, the means first, `targets: [N, D]`, `weights: [N]` -> `[]`.
/// - Gradient: flows into outputs and targets, not into weights.
/// - Edge cases: equal weights and nil give `gaussianNegativeLogLikelihood(_:_:)`.
/// - Complexity: O(*N* · *D*) time.
///
/// - Parameters:
///   - outputs: The means μ and log-variances s, `[N, 2 · D]`.
///   - targets: The target values y, `[N, D]`.
///   - weights: The weight w of each sample, 0 or more, with one above 0; nil for equal weights.
/// - Returns: The loss, a scalar.
public func gaussianNegativeLogLikelihood(_ outputs: Tensor, _ targets: Tensor, weights: Tensor?) -> Tensor {
  require(
    outputs.rank == 2 && targets.rank == 2 && outputs.shape == [targets.shape[0], 2 * targets.shape[1]],
    "gaussianNegativeLogLikelihood: expected outputs: [N, 2 · D] and targets: [N, D], got \(outputs.shape) and "
      + "\(targets.shape)")
  require(
    targets.count > 0, "gaussianNegativeLogLikelihood: expected at least one element, got \(targets.shape)")
  let size = targets.shape[1]
  let difference = targets - outputs[0..., 0..<size], logVariance = outputs[0..., size...]
  // e^(-s/2) is finite where e^-s overflows, so an exact fit there gives a deviation of 0, not 0 · ∞ = NaN.
  let deviations = difference * exp(logVariance * -0.5)
  let mean = (deviations * deviations + logVariance).mean(weights: weights, "gaussianNegativeLogLikelihood")
  return (mean + log(2 * Double.pi)) / 2
}
