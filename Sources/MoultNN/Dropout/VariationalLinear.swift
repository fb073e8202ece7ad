import MoultCore

/// A fully connected layer whose weights are Gaussians with a learned variance each: it finds the weights that it can do
/// without.
///
///     y = m + √v · z,   m = x · weightᵀ + bias,   v = x² · exp(logVariance)ᵀ + 1e-8,   z ~ N(0, 1)
///
/// The noise of the outputs is drawn instead of that of the weights (local reparameterization): the same distribution for
/// each sample, with less variance of the gradient. In training and sampling alike; in evaluation `y = m` with the weights whose noise outweighs them
/// (ln α > `threshold`, α = variance / weight²) set to 0.
///
/// - Shapes: `x: [..., inputSize]` -> `[..., outputSize]`; `weight`, `logVariance: [outputSize, inputSize]`, `bias: [outputSize]`.
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
  package let stochasticState: StochasticState
  private let layerMode = LayerMode()

  /// Makes a layer in training mode, whose means start as a `Linear`'s weights do.
  ///
  /// - Parameters:
  ///   - inputSize: The number of features that come in, at least 1.
  ///   - outputSize: The number of features that go out, at least 1.
  ///   - klScale: The strength of the divergence in the loss, at least 0: 1 / (the number of training samples) with a
  ///     mean cross entropy. With 0 the layer adds nothing to the loss.
  ///   - logVariance: The logarithm of every weight's variance at first; the paper starts at -8 or so.
  ///   - threshold: The ln α above which a weight counts as noise; the paper's value is 3.
  ///   - stream: The layer's number in the mask law, to pin it.
  public init(
    _ inputSize: Int, _ outputSize: Int, klScale: Double = 0, logVariance: Double = -8, threshold: Double = 3,
    stream: Int? = nil
  ) {
    requireStrength(klScale, "VariationalLinear")
    require(
      logVariance.isFinite, "VariationalLinear: expected a finite logarithm of the variance, got \(logVariance)")
    let linear = Linear(inputSize, outputSize)
    weight = linear.weight
    bias = Parameter(linear.bias?.value ?? .zeros([outputSize]))
    self.logVariance = Parameter(.full([outputSize, inputSize], logVariance))
    self.klScale = klScale
    self.threshold = threshold
    stochasticState = StochasticState(stream: stream)
  }

  /// The mode that counts now: that of freezing, of the innermost scope, or of the last `train()` or `eval()`.
  public var mode: Mode { layerMode.current }

  /// The divergence of all weights from their prior; a scalar.
  public var klDivergence: Tensor { variationalDivergence(logAlpha: logAlpha).sum() }

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
    let mode = layerMode.current
    if mode == .evaluation {
      let isNoise = withGradients(false) { logAlpha .> threshold }
      let kept = select(isNoise, .zeros([], dtype: weight.dtype), weight.value)
      return linear(x, weight: kept, bias: bias.value)
    }
    let mean = linear(x, weight: weight.value, bias: bias.value)
    let variance = linear(x * x, weight: exp(logVariance.value), bias: nil) + Self.epsilon
    let normal = stochasticState.nextUse(mode).normal(mean.shape, dtype: x.dtype)
    if mode == .training && klScale > 0 { addToLoss(klDivergence * klScale) }
    return mean + sqrt(variance) * normal
  }

  /// Keeps logarithms and roots away from 0; the authors' value.
  private static let epsilon = 1e-8
}
