import MoultCore
import MoultPlatform

/// Dropout whose rate is learned by gradient: mask values lie between 0 and 1 instead of being 0 or 1, so that the
/// derivative with respect to the rate exists.
///
///     y[i] = x[i] · k[i] / (1 - p),   k[i] = sigmoid((-logit - ln u[i] + ln(1 - u[i])) / temperature),
///     p = sigmoid(logit),   u[i] ~ U[0, 1)
///
/// The lower the temperature, the closer k is to 0 (with probability p) or 1 (with probability 1 - p); the variance of
/// k is about (1 - `temperature`) · p · (1 - p). The layer draws masks in training and sampling mode and is the
/// identity in evaluation mode.
///
/// With a loss of the data alone, the rate falls to 0. The entropy term of the variational bound prevents that: it
/// pulls the rate towards 0.5. In training mode the layer adds this term to the loss (see `addToLoss`), once for all
/// its calls in a forward pass:
///
///     rateScale · K · (p ln p + (1 - p) ln(1 - p)),   K = number of units of a sample
///
/// The other term of the bound is a penalty on the weights that the layer's output is multiplied by;
/// `penalty(of:weightScale:rateScale:)` returns both terms.
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`; `logit: []`.
/// - Gradient: `dx[i] = dy[i] · k[i] / (1 - p)`, and the derivative with respect to the logit, both with the forward
///   pass's random numbers.
/// - Edge cases: rates of 0 and 1 have no finite logit, so learning cannot start from them: they stop the program.
///   Units are multiplied, not replaced, so a NaN stays a NaN even where k is close to 0.
/// - Mask law (Documentation/MaskLaw.md): uniform numbers of x's type, part 1024 of the mask call.
/// - Complexity: O(*n*) time and memory.
/// - Source: [Gal, Hron and Kendall 2017](https://arxiv.org/abs/1705.07832), equations 3 to 5.
public final class ConcreteDropout: Module, StochasticLayer {
  /// The learned parameter, a scalar: ln(p / (1 - p)) of the rate p.
  public let logit: Parameter
  /// The temperature of the mask, above 0. A lower temperature gives mask values closer to 0 or 1.
  public let temperature: Double
  /// The factor of the entropy term in the loss, for each unit of a sample, at least 0.
  public let rateScale: Double
  /// The batch axis, along which the samples lie; a negative number counts from the last axis.
  public let batchAxis: Int
  /// The state of the layer: its number in the mask law, mode and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The initial probability of *dropping* a unit, above 0 and below 1.
  ///   - rateScale: The factor of the entropy term in the loss, for each unit of a sample, at least 0: about 1 /
  ///     (number of training samples) with a mean cross entropy. 0 adds nothing to the loss.
  ///   - temperature: The temperature of the mask, above 0; the paper uses 0.1. A lower temperature gives mask values
  ///     closer to 0 or 1.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  ///   - batchAxis: The batch axis, along which the samples lie; a negative number counts from the last axis.
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

  /// The current, learned probability of *dropping* a unit.
  public var rate: Double { 1 / (1 + exp(-logit.value.item(as: Double.self))) }

  /// Applies the layer.
  ///
  /// - Parameter x: The input, `[N, ...]`, of a floating-point type.
  /// - Returns: `x` times mask values between 0 and 1 / (1 - p), or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireBatchAxis(batchAxis, of: x)
    guard let draws = dropoutState.nextDraws() else { return x }
    let noise = draws.logistic(x.shape, batchAxis: batchAxis, dtype: x.dtype)
    let logit = logit.value.cast(to: x.dtype), keepLogit = -logit
    if draws.mode == .training && rateScale > 0 && x.count > 0 {
      let samples = x.rank > 1 ? x.shape[Shape.axis(batchAxis, rank: x.rank, "ConcreteDropout")] : 1
      addToLoss(once: self) { negativeEntropy(logit) * (rateScale * Double(x.count / samples)) }
    }
    let scale = 1 + exp(logit)
    guard x.dtype == .float32 else { return x * (sigmoid((keepLogit - noise) * (1 / temperature)) * scale) }
    return concreteMask(x, noise: noise, logit: keepLogit, slope: Float(1 / temperature), scale: scale)
  }

  /// Returns both terms of the variational bound, to add to a mean loss; leave the layer's own `rateScale` at 0 then.
  ///
  ///     weightScale · Σ w² / (1 - p) + rateScale · K · (p ln p + (1 - p) ln(1 - p))
  ///
  /// - Parameters:
  ///   - weight: The weights that the layer's output is multiplied by, `[out, in, ...]`; K is the number of units
  ///     `in · ...`.
  ///   - weightScale: The factor of the weight term, at least 0: l² / N for a prior length scale l and N training
  ///     samples, with a mean cross entropy.
  ///   - rateScale: The factor of the entropy term, at least 0: 1 / N with a mean cross entropy. For a regression with
  ///     precision τ, divide both factors by τ and halve the squared error.
  /// - Returns: The sum of both terms, a scalar.
  public func penalty(of weight: Parameter, weightScale: Double, rateScale: Double) -> Tensor {
    let shape = weight.shape
    require(shape.count >= 2, "ConcreteDropout.penalty: expected weights [out, in, ...], got \(shape)")
    requireStrength(weightScale, "ConcreteDropout.penalty")
    requireStrength(rateScale, "ConcreteDropout.penalty")
    let value = weight.value, logit = logit.value.cast(to: weight.dtype)
    let units = shape.dropFirst().reduce(1, *)
    return (value * value).sum() * (1 + exp(logit)) * weightScale + negativeEntropy(logit) * (rateScale * Double(units))
  }

  /// Returns p ln p + (1 - p) ln(1 - p) for p = sigmoid(logit).
  ///
  /// It is computed as p · logit - ln(1 + e^logit), whose terms are finite for every finite logit.
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
