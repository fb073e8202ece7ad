import MoultCore
import MoultPlatform

/// Dropout whose rate is learned by gradient: the mask is relaxed from 0 or 1 to a number in between, whose derivative
/// by the rate exists.
///
///     y[i] = x[i] · k[i] / (1 - p),   k[i] = sigmoid((-logit - ln u[i] + ln(1 - u[i])) / temperature),
///     p = sigmoid(logit),   u[i] ~ U[0, 1)
///
/// The lower the temperature, the nearer k is to 0 or 1, with probabilities p and 1 - p; the variance of k is about
/// (1 - `temperature`) · p · (1 - p). The layer does so in training and sampling; it is the identity in evaluation.
///
/// Trained on the data alone, the rate falls to 0. The entropy term of the variational bound prevents that: it pulls
/// the rate towards 0.5 in proportion to `rateScale`. In training the layer adds it to the loss (see `addToLoss`) with
/// a batch's units for K, once for all its uses in a forward pass. The other term of the bound needs the weights behind
/// the layer: `penalty(of:)` has both.
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`; `logit: []`.
/// - Gradient: `dx[i] = dy[i] · k[i] / (1 - p)`, and that of the logit, both with the forward pass's draws.
/// - Edge cases: rates of 0 and 1 have no slope and no finite logit, so learning cannot begin there: they are refused.
///   Nothing is dropped outright: k may be tiny, but a NaN in a unit stays one.
/// - Complexity: O(*n*) time and memory, with a logarithm for each draw.
/// - Draws: the use's first draws (part 1024 of the mask law), uniform ones of x's type.
/// - Source: [Gal, Hron and Kendall 2017](https://arxiv.org/abs/1705.07832), equations 3 to 5.
public final class ConcreteDropout: Module, StochasticLayer {
  /// ln(p / (1 - p)) of the rate p: the learned parameter.
  public let logit: Parameter
  /// The softness of the mask, above 0.
  public let temperature: Double
  /// The strength of the pull of the rate towards 0.5, for each unit.
  public let rateScale: Double
  /// The axis that runs over the samples.
  public let batchAxis: Int
  /// The layer's number, mode and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a unit at first, above 0 and below 1.
  ///   - rateScale: The strength of the pull of the rate towards 0.5, for each unit, at least 0: about 1 / (the number
  ///     of training samples) with a mean cross entropy. With 0 the layer adds nothing to the loss.
  ///   - temperature: The softness of the mask, above 0; the paper's value is 0.1.
  ///   - stream: The layer's number in the mask law, to pin it.
  ///   - batchAxis: The axis that runs over the samples.
  public init(
    _ rate: Double = 0.1, rateScale: Double = 0, temperature: Double = 0.1, stream: Int? = nil, batchAxis: Int = 0
  ) {
    requireLearnableRate(rate, "ConcreteDropout")
    require(
      temperature > 0 && temperature.isFinite, "ConcreteDropout: expected a temperature > 0, got \(temperature)")
    requireStrength(rateScale, "ConcreteDropout")
    logit = Parameter(Tensor(Float(log(rate / (1 - rate)))))
    self.rateScale = rateScale
    self.temperature = temperature
    self.batchAxis = batchAxis
    dropoutState = DropoutState(stream: stream)
  }

  /// The probability of *dropping* a unit that has been learned so far.
  public var rate: Double { 1 / (1 + exp(-logit.value.item(as: Double.self))) }

  /// Applies the layer.
  ///
  /// - Parameter x: The input.
  /// - Returns: `x` with units weakened by a soft mask, or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireBatchAxis(batchAxis, of: x)
    guard let draws = dropoutState.nextDraws() else { return x }
    let noise = draws.logistic(x.shape, batchAxis: batchAxis, dtype: x.dtype)
    let logit = logit.value.cast(to: x.dtype)
    let keep = sigmoid((-logit - noise) * (1 / temperature))
    if draws.mode == .training && rateScale > 0 && x.count > 0 {
      let samples = x.rank > 1 ? x.shape[Shape.axis(batchAxis, rank: x.rank, "ConcreteDropout")] : 1
      addToLoss(once: self) { negativeEntropy(logit) * (rateScale * Double(x.count / samples)) }
    }
    return x * (keep * (1 + exp(logit)))
  }

  /// Both terms of the variational bound, to be added to a mean loss in place of `rateScale`.
  ///
  ///     weightScale · Σ w² / (1 - p) + rateScale · K · (p ln p + (1 - p) ln(1 - p))
  ///
  /// - Parameters:
  ///   - weight: The weights that the layer's units go into, `[out, in, ...]`; K is the number of units `in · ...`.
  ///   - weightScale: l² / N for the prior length scale l and N training samples, with a mean cross entropy.
  ///   - rateScale: 1 / N then. For regression with precision τ both are divided by τ, and a squared error counts 1/2.
  /// - Returns: A scalar.
  public func penalty(of weight: Parameter, weightScale: Double, rateScale: Double) -> Tensor {
    let shape = weight.shape
    require(shape.count >= 2, "ConcreteDropout.penalty: expected weights [out, in, ...], got \(shape)")
    requireStrength(weightScale, "ConcreteDropout.penalty")
    requireStrength(rateScale, "ConcreteDropout.penalty")
    let value = weight.value, logit = logit.value.cast(to: weight.dtype)
    let units = shape.dropFirst().reduce(1, *)
    return (value * value).sum() * (1 + exp(logit)) * weightScale + negativeEntropy(logit) * (rateScale * Double(units))
  }

  /// p ln p + (1 - p) ln(1 - p) = p · logit - ln(1 + e^logit), whose terms stay finite for any logit.
  private func negativeEntropy(_ logit: Tensor) -> Tensor {
    sigmoid(logit) * logit - softplus(logit)
  }
}

extension DropoutVariant {
  static let concrete = DropoutVariant(
    "concrete", "learns its rate by gradient, through a soft mask",
    source: "Gal, Hron and Kendall 2017, https://arxiv.org/abs/1705.07832",
    place: .hidden { ConcreteDropout($0, rateScale: 1e-4) }, isRateLearned: true)
}
