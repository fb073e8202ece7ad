import MoultCore

/// A fully connected layer that keeps each unit with a probability that depends on its pre-activation z: for α > 0,
/// units with a large z are dropped least.
///
///     z = x · weightᵀ + bias,   π = sigmoid(α · z + β)
///     training:    y[i] = m[i] ? z[i] : 0,   m[i] ~ Bernoulli(π[i])
///     evaluation:  y[i] = π[i] · z[i]
///
/// In the paper a second network computes the keep probabilities π. Here, as in the paper's experiments, it has the
/// weights of the first network, scaled by `α` and shifted by `β`. With `β = log((1 - rate) / rate)` a unit with
/// `z = 0` is dropped with probability `rate`.
///
/// - Shapes: `x: [N, inputSize]` -> `[N, outputSize]`; a vector is one sample.
/// - Gradient: in training `dz = m ? dy : 0`: the mask is a constant, and `π` gets no gradient. In evaluation the
///   gradient of the product `π · z`.
/// - Edge cases: a NaN in `z` makes `π` NaN: training drops the unit, evaluation returns NaN.
/// - Mask law (Documentation/MaskLaw.md): the unit is the output's index; it is kept if its random 64-bit integer, part
///   1024 of the mask call, is below `⌊π · 2^64⌋`.
/// - Complexity: O(*N* · *inputSize* · *outputSize*) time.
/// - Source: [Ba and Frey 2013](https://papers.nips.cc/paper/5032-adaptive-dropout-for-training-deep-neural-networks).
public final class Standout: Module, StochasticLayer {
  /// The linear layer that computes the pre-activations z.
  public let linear: Linear
  /// The factor α of z in the log-odds of keeping a unit.
  public let alpha: Double
  /// The log-odds β of keeping a unit with z = 0.
  public let beta: Double
  /// The state of the layer: its number in the mask law, mode and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode with random initial weights, as `Linear` does.
  ///
  /// - Parameters:
  ///   - inputSize: The number of input features, at least 1.
  ///   - outputSize: The number of output features, at least 1.
  ///   - alpha: The factor α of z in the log-odds of keeping a unit; finite.
  ///   - beta: The log-odds β of keeping a unit with z = 0; finite.
  ///   - dtype: The type of weights and bias, a floating-point type.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  public init(
    _ inputSize: Int, _ outputSize: Int, alpha: Double = 1, beta: Double = 0, dtype: DType = .float32,
    stream: Int? = nil
  ) {
    require(
      alpha.isFinite && beta.isFinite, "Standout: expected finite alpha and beta, got \(alpha) and \(beta)")
    linear = Linear(inputSize, outputSize, dtype: dtype)
    (self.alpha, self.beta) = (alpha, beta)
    dropoutState = DropoutState(stream: stream)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The input, `[N, inputSize]`.
  /// - Returns: `[N, outputSize]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let z = linear(x)
    guard let use = dropoutState.nextDraws()?.use else { return sigmoid(z * alpha + beta) * z }
    let logits = withGradients(false) { z.detached() * alpha + beta }
    let kept =
      z.rank > 1
      ? use.onEachPass(logits) { $1.kept(withLogits: $0) }
      : use.sharedBySamples.kept(withLogits: logits)
    return keepingOnly(kept, of: z)
  }

  /// Returns the `beta` that drops a unit with z = 0 with probability `rate`: `log((1 - rate) / rate)`.
  ///
  /// - Parameter rate: The probability of dropping, 0 to 1; limited to 1e-6 … 1 - 1e-6, so that the result is finite.
  package static func beta(atRate rate: Double) -> Double {
    requireRate(rate, "Standout")
    let rate = min(max(rate, 1e-6), 1 - 1e-6)
    return log(Tensor([(1 - rate) / rate], shape: [])).item(as: Double.self)
  }
}

extension DropoutVariant {
  static let standout = DropoutVariant(
    "standout", "drops weak units more often than strong ones",
    source: "Ba and Frey 2013, https://papers.nips.cc/paper/5032-adaptive-dropout-for-training-deep-neural-networks",
    place: .layer { Standout($0, $1, beta: Standout.beta(atRate: $2)) })
}
