import MoultCore
import MoultPlatform

/// Gaussian dropout whose noise is learned: units are multiplied by Gaussians of mean 1 and variance α.
///
///     y[i] = x[i] · (1 + √α · z[i]),   z[i] ~ N(0, 1)
///
/// A rate p of dropout corresponds to α = p / (1 - p), which has the same mean and variance. The layer does so in
/// training and sampling; it is the identity in evaluation.
///
/// Trained on the data alone, α falls to 0. The divergence of the weights from their prior prevents that: in
/// training the layer adds `klScale · klDivergence` to the loss (see `addToLoss`), once for all its uses in a forward
/// pass.
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`; `logAlpha: []`, or `[units]` along the last axis of x.
/// - Gradient: `dx[i] = dy[i] · (1 + √α · z[i])`, and that of ln α, both with the forward pass's draws.
/// - Edge cases: α = 0, a rate of 0, has no slope and no finite logarithm, so learning cannot begin there: it is
///   refused. Nothing is dropped outright, so a NaN in a unit stays one.
/// - Complexity: O(*n*) time and memory, with a Gaussian for each unit.
/// - Draws: the use's first draws (part 1024 of the mask law), Gaussian ones of x's type.
/// - Source: [Kingma, Salimans and Welling 2015](https://arxiv.org/abs/1506.02557), section 3.2, with the divergence of
///   [Molchanov, Ashukha and Vetrov 2017](https://arxiv.org/abs/1701.05369), equation 14. `VariationalLinear` has an α
///   for each weight.
public final class VariationalDropout: Module, StochasticLayer {
  /// ln α: the learned parameter.
  public let logAlpha: Parameter
  /// The strength of the divergence in the loss.
  public let klScale: Double
  /// The axis that runs over the samples.
  public let batchAxis: Int
  /// The layer's number, mode and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The dropout rate whose noise the layer begins with, above 0 and below 1: α = rate / (1 - rate).
  ///   - units: The extent of x's last axis, for an α of each unit; nil for one α.
  ///   - klScale: The strength of the divergence in the loss, at least 0: about (weights that share an α) / (the number
  ///     of training samples) with a mean cross entropy. With 0 the layer adds nothing to the loss.
  ///   - stream: The layer's number in the mask law, to pin it.
  ///   - batchAxis: The axis that runs over the samples.
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

  /// The divergence of the noise from its prior, added up over the learned α; a scalar.
  public var klDivergence: Tensor { variationalDivergence(logAlpha: logAlpha.value).sum() }

  /// Applies the layer.
  ///
  /// - Parameter x: The input.
  /// - Returns: `x` times noise, or `x` itself in evaluation mode.
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

/// The divergence of a weight with multiplicative noise N(1, α) from the log-uniform prior, element by element.
///
///     KL(α) ≈ k₁ - k₁ · sigmoid(k₂ + k₃ · ln α) + ln(1 + 1 / α) / 2
///
/// - Note: Within 0.009 of the true divergence for every α (there is no closed form); it falls from infinity at α = 0
///   to 0.
/// - Source: [Molchanov, Ashukha and Vetrov 2017](https://arxiv.org/abs/1701.05369), equation 14.
package func variationalDivergence(logAlpha: Tensor) -> Tensor {
  let (k1, k2, k3) = (0.63576, 1.87320, 1.48695)
  return k1 - sigmoid(logAlpha * k3 + k2) * k1 + softplus(-logAlpha) * 0.5
}
