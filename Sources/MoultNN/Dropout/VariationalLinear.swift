import MoultCore
import MoultPlatform

/// A fully connected layer whose weights have Gaussian noise of a learned variance each, so that it learns which
/// weights it can remove (sparse variational dropout).
///
///     y = m + √v · z,   m = x · weightᵀ + bias,   v = x² · exp(logVariance)ᵀ + 1e-8,   z ~ N(0, 1)
///
/// In training and sampling mode the layer draws the noise of the outputs instead of the noise of the weights (local
/// reparameterization): outputs have the same distribution for each sample, and gradients have less variance. In
/// evaluation mode `y = m`, with all weights of ln α > `threshold` set to 0 (α = variance / weight²). In training mode
/// the layer adds `klScale · klDivergence` to the loss, once for all its calls in a forward pass.
///
/// - Shapes: `x: [..., inputSize]` -> `[..., outputSize]`; `weight`, `logVariance: [outputSize, inputSize]`,
///   `bias: [outputSize]`.
/// - Gradient: by the chain rule through m and v, with the forward pass's random numbers.
/// - Mask law (Documentation/MaskLaw.md): Gaussian numbers of x's type, part 1024 of the mask call; the unit is the
///   index in a sample's output.
/// - Complexity: O(*N* · *inputSize* · *outputSize*) time, for two matrix products.
/// - Source: [Molchanov, Ashukha and Vetrov 2017](https://arxiv.org/abs/1701.05369), section 4, with the
///   reparameterization of [Kingma, Salimans and Welling 2015](https://arxiv.org/abs/1506.02557).
public final class VariationalLinear: Module, StochasticLayer {
  /// The means of the weights, `[outputSize, inputSize]`.
  public let weight: Parameter
  /// The logarithms of the variances of the weights, `[outputSize, inputSize]`.
  public let logVariance: Parameter
  /// The biases, `[outputSize]`.
  public let bias: Parameter
  /// The factor of the divergence in the loss, at least 0.
  public let klScale: Double
  /// The ln α above which a weight is 0 in evaluation.
  public let threshold: Double
  /// The state of the layer: its number in the mask law, mode and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode, with weights and biases that start like those of a `Linear`.
  ///
  /// - Parameters:
  ///   - inputSize: The number of input features, at least 1.
  ///   - outputSize: The number of output features, at least 1.
  ///   - klScale: The factor of the divergence in the loss, at least 0: 1 / (number of training samples) with a mean
  ///     cross entropy. 0 adds nothing to the loss.
  ///   - logVariance: The initial logarithm of the variance of every weight; the paper starts at about -8.
  ///   - threshold: The ln α above which a weight is 0 in evaluation; 3 in the paper.
  ///   - dtype: The type of all parameters, a floating-point type.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
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

  /// Makes a layer in training mode whose weights start with the noise of Gaussian dropout at a rate.
  ///
  /// The initial variance of every weight is rate / (1 - rate) times 1 / (3 · inputSize), the mean square of the
  /// initial weights.
  ///
  /// - Parameters:
  ///   - inputSize: The number of input features, at least 1.
  ///   - outputSize: The number of output features, at least 1.
  ///   - rate: The dropout rate that sets the initial noise, above 0 and below 1.
  ///   - klScale: The factor of the divergence in the loss, at least 0: 1 / (number of training samples) with a mean
  ///     cross entropy. 0 adds nothing to the loss.
  ///   - threshold: The ln α above which a weight is 0 in evaluation; 3 in the paper.
  ///   - dtype: The type of all parameters, a floating-point type.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
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

  /// The Kullback-Leibler divergence of the noisy weights from their prior, summed over all weights; a scalar.
  public var klDivergence: Tensor {
    guard weight.dtype == .float32 else { return variationalDivergence(logAlpha: logAlpha).sum() }
    return variationalDivergence(weight: weight.value, logVariance: logVariance.value).sum()
  }

  /// The fraction of weights that are 0 in evaluation, 0 to 1.
  public var sparsity: Double {
    withGradients(false) { (logAlpha .> threshold).cast(to: .float32).mean().item(as: Double.self) }
  }

  private var logAlpha: Tensor {
    let weight = weight.value
    return logVariance.value - log(weight * weight + Self.epsilon)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The input, `[..., inputSize]`.
  /// - Returns: `[..., outputSize]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    guard let draws = dropoutState.nextDraws() else {
      let isNoise = withGradients(false) { logAlpha .> threshold }
      let kept = select(isNoise, .zeros([], dtype: weight.dtype), weight.value)
      return linear(x, weight: kept, bias: bias.value)
    }
    let mean = linear(x, weight: weight, bias: bias)
    let variance = linear(x * x, weight: exp(logVariance.value), bias: nil) + Self.epsilon
    let normal = draws.normal(mean.shape, dtype: x.dtype)
    if draws.mode == .training && klScale > 0 { addToLoss(once: self) { klDivergence * klScale } }
    return mean + sqrt(variance) * normal
  }

  /// The constant added to squared weights and to variances, so that logarithms and roots stay away from 0; the
  /// authors' value.
  private static let epsilon = 1e-8
}

extension DropoutVariant {
  static let variationalLinear = DropoutVariant(
    "variational-linear", "learns the noise of each weight of a linear layer, and drops weights that are all noise",
    source: "Molchanov, Ashukha and Vetrov 2017, https://arxiv.org/abs/1701.05369",
    // A tenth of the bound's factor 1 / 10,000 for 10,000 training samples. With the full factor from the first step,
    // weights are removed before they have learned anything; the paper therefore raises the factor from 0.
    place: .layer { VariationalLinear($0, $1, rate: $2, klScale: 1e-5) }, isRateLearned: true)
}
