import MoultCore
import MoultPlatform

/// Gaussian dropout with learned noise: units are multiplied by Gaussian numbers of mean 1 and learned variance α.
///
///     y[i] = x[i] · (1 + √α · z[i]),   z[i] ~ N(0, 1)
///
/// A dropout rate p corresponds to α = p / (1 - p), noise of the same mean and variance. The layer draws noise in
/// training and sampling mode and is the identity in evaluation mode.
///
/// With a loss of the data alone, α falls to 0. The Kullback-Leibler divergence of the noisy weights from their prior
/// prevents that: in training mode the layer adds `klScale · klDivergence` to the loss (see `addToLoss`), once for all
/// its calls in a forward pass.
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`; `logAlpha: []`, or `[units]` along the last axis of x.
/// - Gradient: `dx[i] = dy[i] · (1 + √α · z[i])`, and the derivative with respect to ln α, both with the forward pass's
///   random numbers.
/// - Edge cases: rates of 0 and 1 have no finite ln α, so learning cannot start from them: they stop the program. Units
///   are multiplied, not replaced, so a NaN stays a NaN.
/// - Mask law (Documentation/MaskLaw.md): Gaussian numbers of x's type, part 1024 of the mask call.
/// - Complexity: O(*n*) time and memory.
/// - Source: [Kingma, Salimans and Welling 2015](https://arxiv.org/abs/1506.02557), section 3.2, with the divergence of
///   [Molchanov, Ashukha and Vetrov 2017](https://arxiv.org/abs/1701.05369), equation 14. `VariationalLinear` has an α
///   for each weight.
public final class VariationalDropout: Module, StochasticLayer {
  /// The learned parameter, ln α: a scalar, or `[units]`.
  public let logAlpha: Parameter
  /// The factor of the divergence in the loss, at least 0.
  public let klScale: Double
  /// The batch axis, along which the samples lie; a negative number counts from the last axis.
  public let batchAxis: Int
  /// The state of the layer: its number in the mask law, mode and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The dropout rate p that sets the initial noise, above 0 and below 1: α = p / (1 - p).
  ///   - units: The size of x's last axis, for an α for each unit; nil for one α for all units.
  ///   - klScale: The factor of the divergence in the loss, at least 0: about (number of weights that share an α) /
  ///     (number of training samples) with a mean cross entropy. 0 adds nothing to the loss.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  ///   - batchAxis: The batch axis, along which the samples lie; a negative number counts from the last axis.
  public init(
    _ rate: Double = 0.5, units: Int? = nil, klScale: Double = 0, stream: Int? = nil, batchAxis: Int = 0
  ) {
    requireLearnableRate(rate, "VariationalDropout")
    require(units ?? 1 >= 1, "VariationalDropout: expected at least 1 unit, got \(units ?? 0)")
    requireStrength(klScale, "VariationalDropout")
    logAlpha = Parameter(.full(units.map { [$0] } ?? [], log(rate / (1 - rate))))
    self.klScale = klScale
    self.batchAxis = batchAxis
    dropoutState = DropoutState(stream: stream)
  }

  /// The Kullback-Leibler divergence of the noisy weights from their prior, summed over all α; a scalar.
  public var klDivergence: Tensor { variationalDivergence(logAlpha: logAlpha.value).sum() }

  /// Applies the layer.
  ///
  /// - Parameter x: The input, `[N, ...]`, of a floating-point type; `[N, ..., units]` if there is an α for each unit.
  /// - Returns: `x` times the noise, or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireBatchAxis(batchAxis, of: x)
    require(
      logAlpha.shape.isEmpty || x.shape.last == logAlpha.count,
      "VariationalDropout: expected x: [N, ..., \(logAlpha.count)], got \(x.shape)")
    guard let draws = dropoutState.nextDraws() else { return x }
    let normal = draws.normal(x.shape, batchAxis: batchAxis, dtype: x.dtype)
    if draws.mode == .training && klScale > 0 { addToLoss(once: self) { (klDivergence * klScale).cast(to: x.dtype) } }
    return x * (1 + exp(logAlpha.value.cast(to: x.dtype) * 0.5) * normal)
  }
}

extension DropoutVariant {
  static let variational = DropoutVariant(
    "variational-dropout", "multiplies each unit by Gaussian noise whose variance is learned",
    source: "Kingma, Salimans and Welling 2015, https://arxiv.org/abs/1506.02557",
    place: .hidden { VariationalDropout($0, klScale: 0.01) }, isRateLearned: true)
}

/// Returns the Kullback-Leibler divergence of a weight with multiplicative noise N(1, α) from the log-uniform prior,
/// element by element.
///
///     KL(α) ≈ k₁ - k₁ · sigmoid(k₂ + k₃ · ln α) + ln(1 + 1 / α) / 2
///
/// - Note: The result is within 0.009 of the exact divergence, which has no closed form. It falls from infinity at α =
///   0 to 0 for large α.
/// - Source: [Molchanov, Ashukha and Vetrov 2017](https://arxiv.org/abs/1701.05369), equation 14.
package func variationalDivergence(logAlpha: Tensor) -> Tensor {
  let (k1, k2, k3) = (0.63576, 1.87320, 1.48695)
  return k1 - sigmoid(logAlpha * k3 + k2) * k1 + softplus(-logAlpha) * 0.5
}
