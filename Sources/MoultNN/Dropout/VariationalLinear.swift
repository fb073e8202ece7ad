import MoultCore
import MoultPlatform

/// A fully connected layer whose weights are Gaussians with a learned variance each: it finds the weights that it can
/// do without.
///
///     y = m + √v · z,   m = x · weightᵀ + bias,   v = x² · exp(logVariance)ᵀ + 1e-8,   z ~ N(0, 1)
///
/// The noise of the outputs is drawn instead of that of the weights (local reparameterization): the same distribution
/// for each sample, with less variance of the gradient, in training and sampling. In evaluation `y = m`, with the
/// weights whose noise outweighs them (ln α > `threshold`, α = variance / weight²) set to 0. In training the layer adds
/// `klScale · klDivergence` to the loss, once for all its uses in a forward pass.
///
/// - Shapes: `x: [..., inputSize]` -> `[..., outputSize]`; `weight`, `logVariance: [outputSize, inputSize]`,
///   `bias: [outputSize]`.
/// - Gradient: by the chain rule through m and v, with the forward pass's draws.
/// - Complexity: two products of *N* · *inputSize* · *outputSize*, and a Gaussian for each output.
/// - Draws: the use's first draws (part 1024 of the mask law), Gaussian ones of x's type, unit `u` the index within a
///   sample's output.
/// - Source: [Molchanov, Ashukha and Vetrov 2017](https://arxiv.org/abs/1701.05369), section 4, with the
///   reparameterization of [Kingma, Salimans and Welling 2015](https://arxiv.org/abs/1506.02557).
public final class VariationalLinear: Module, StochasticLayer {
  /// The means of the weights, `[outputSize, inputSize]`.
  public let weight: Parameter
  /// The logarithms of the variances of the weights, `[outputSize, inputSize]`.
  public let logVariance: Parameter
  /// The biases, `[outputSize]`.
  public let bias: Parameter
  /// The strength of the divergence in the loss.
  public let klScale: Double
  /// The ln α above which a weight counts as noise.
  public let threshold: Double
  /// The layer's number, mode and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode, whose means start as a `Linear`'s weights do.
  ///
  /// - Parameters:
  ///   - inputSize: The number of features that come in, at least 1.
  ///   - outputSize: The number of features that go out, at least 1.
  ///   - klScale: The strength of the divergence in the loss, at least 0: 1 / (the number of training samples) with a
  ///     mean cross entropy. With 0 the layer adds nothing to the loss.
  ///   - logVariance: The logarithm of every weight's variance at first; the paper starts at -8 or so.
  ///   - threshold: The ln α above which a weight counts as noise; the paper's value is 3.
  ///   - dtype: The type of all parameters, a floating-point one.
  ///   - stream: The layer's number in the mask law, to pin it.
  public init(
    _ inputSize: Int, _ outputSize: Int, klScale: Double = 0, logVariance: Double = -8, threshold: Double = 3,
    dtype: DType = .float32, stream: Int? = nil
  ) {
    requireStrength(klScale, "VariationalLinear")
    require(
      logVariance.isFinite, "VariationalLinear: expected a finite logarithm of the variance, got \(logVariance)")
    let linear = Linear(inputSize, outputSize, dtype: dtype)
    weight = linear.weight
    bias = Parameter(linear.bias?.value ?? .zeros([outputSize], dtype: dtype))
    self.logVariance = Parameter(.full([outputSize, inputSize], logVariance, dtype: dtype))
    self.klScale = klScale
    self.threshold = threshold
    dropoutState = DropoutState(stream: stream)
  }

  /// Makes a layer in training mode whose weights have the noise of Gaussian dropout at a rate: the variance is
  /// rate / (1 - rate) times the mean square 1 / (3 · inputSize) of the means at first.
  ///
  /// - Parameters:
  ///   - inputSize: The number of features that come in, at least 1.
  ///   - outputSize: The number of features that go out, at least 1.
  ///   - rate: The dropout rate whose noise the layer begins with, above 0 and below 1.
  ///   - klScale: The strength of the divergence in the loss, at least 0: 1 / (the number of training samples) with a
  ///     mean cross entropy. With 0 the layer adds nothing to the loss.
  ///   - threshold: The ln α above which a weight counts as noise; the paper's value is 3.
  ///   - dtype: The type of all parameters, a floating-point one.
  ///   - stream: The layer's number in the mask law, to pin it.
  public convenience init(
    _ inputSize: Int, _ outputSize: Int, rate: Double, klScale: Double = 0, threshold: Double = 3,
    dtype: DType = .float32, stream: Int? = nil
  ) {
    requireLearnableRate(rate, "VariationalLinear")
    require(inputSize > 0, "VariationalLinear: expected an inputSize of at least 1, got \(inputSize)")
    self.init(
      inputSize, outputSize, klScale: klScale, logVariance: log(rate / (1 - rate) / (3 * Double(inputSize))),
      threshold: threshold, dtype: dtype, stream: stream)
  }

  /// The divergence of all weights from their prior; a scalar.
  public var klDivergence: Tensor {
    guard weight.dtype == .float32 else { return variationalDivergence(logAlpha: logAlpha).sum() }
    return variationalDivergence(weight: weight.value, logVariance: logVariance.value).sum()
  }

  /// The share of weights that count as noise, and are 0 in evaluation.
  public var sparsity: Double {
    withGradients(false) { (logAlpha .> threshold).cast(to: .float32).mean().item(as: Double.self) }
  }

  private var logAlpha: Tensor {
    let weight = weight.value
    return logVariance.value - log(weight * weight + Self.epsilon)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The input.
  /// - Returns: `[..., outputSize]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    guard let draws = dropoutState.nextDraws() else {
      let isNoise = withGradients(false) { logAlpha .> threshold }
      let kept = select(isNoise, .zeros([], dtype: weight.dtype), weight.value)
      return linear(x, weight: kept, bias: bias.value)
    }
    let mean = linear(x, weight: weight.value, bias: bias.value)
    let variance = linear(x * x, weight: exp(logVariance.value), bias: nil) + Self.epsilon
    let normal = draws.normal(mean.shape, dtype: x.dtype)
    if draws.mode == .training && klScale > 0 { addToLoss(once: self) { klDivergence * klScale } }
    return mean + sqrt(variance) * normal
  }

  /// Keeps logarithms and roots away from 0; the authors' value.
  private static let epsilon = 1e-8
}

extension DropoutVariant {
  static let variationalLinear = DropoutVariant(
    "variational-linear", "learns the noise of each weight of a linear layer, and drops weights that are all noise",
    source: "Molchanov, Ashukha and Vetrov 2017, https://arxiv.org/abs/1701.05369",
    // A tenth of the bound's share for 10,000 samples: with all of it from the first step on, units die before they
    // have learned anything, which is why the paper raises it from 0.
    place: .layer { VariationalLinear($0, $1, rate: $2, klScale: 1e-5) }, isRateLearned: true)
}
