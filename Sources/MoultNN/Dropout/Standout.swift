import MoultCore

/// A fully connected layer that keeps each unit with a probability that grows with its input: strong units stay, weak
/// ones are dropped most.
///
///     z = x · weightᵀ + bias,   π = sigmoid(α · z + β)
///     training:    y[i] = m[i] ? z[i] : 0,   m[i] ~ Bernoulli(π[i])
///     evaluation:  y[i] = π[i] · z[i]
///
/// A second network decides what to keep; as in the paper's experiments it shares the weights of the first, but for the
/// numbers `α` and `β`. `β = log((1 - rate) / rate)` drops with probability `rate` where `z` is 0.
///
/// - Shapes: `x: [N, inputSize]` -> `[N, outputSize]`; a vector is one sample.
/// - Gradient: in training `dz = m ? dy : 0`: the mask is a constant, and `π` gets no gradient. In evaluation that of
///   the product.
/// - Edge cases: NaN in `z` drops the unit, where `π` is NaN too.
/// - Law: unit is the output, draw 0 of each sample: kept where its 64 bits are below `⌊π · 2^64⌋`.
/// - Complexity: O(*N* · *inputSize* · *outputSize*) time.
/// - Source: [Ba and Frey 2013](https://papers.nips.cc/paper/5032-adaptive-dropout-for-training-deep-neural-networks).
public final class Standout: Module, StochasticLayer {
  /// The layer whose units are kept or dropped.
  public let linear: Linear
  /// The factor of a unit's input in its log-odds of being kept.
  public let alpha: Double
  /// The log-odds of keeping a unit whose input is 0.
  public let beta: Double
  /// The layer's number, mode and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode with fresh weights, drawn as `Linear` draws them.
  ///
  /// - Parameters:
  ///   - inputSize: The number of features that come in, at least 1.
  ///   - outputSize: The number of features that go out, at least 1.
  ///   - alpha: The factor of a unit's input in its log-odds of being kept; finite.
  ///   - beta: The log-odds of keeping a unit whose input is 0; finite.
  ///   - dtype: The type of weights and bias, a floating-point one.
  ///   - stream: The layer's number in the mask law, to pin it.
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
    let odds = withGradients(false) { sigmoid((z.detached() * alpha + beta).cast(to: .float64)) }
    let kept =
      z.rank > 1
      ? use.onEachPass(odds) { $1.kept(withProbabilities: $0) }
      : use.sharedBySamples.kept(withProbabilities: odds)
    return keepingOnly(kept, of: z)
  }

  /// The `beta` that drops with probability `rate` where a unit's input is 0: `log((1 - rate) / rate)`, finite at 0
  /// and 1 too.
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
