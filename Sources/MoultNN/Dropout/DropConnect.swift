import MoultCore

/// A fully connected layer that drops single weights in training.
///
///     y = x · (m ∘ weight / (1 - rate))ᵀ + bias,   m[o, i] ~ Bernoulli(1 - rate)
///
/// In evaluation the layer is a `Linear` with all its weights, which are the mean of the rescaled weights in training.
///
/// - Shapes: `x: [N, inputSize]` -> `[N, outputSize]`, and likewise `[..., inputSize]`;
///   `weight: [outputSize, inputSize]`, `bias: [outputSize]`.
/// - Gradient: that of a linear layer with the dropped weights; the gradient of a dropped weight is 0.
/// - Edge cases: `rate == 0` is `Linear` and draws nothing; `rate == 1` gives the bias.
/// - Mask law (Documentation/MaskLaw.md): unit `out · inputSize + in`, sample 0: all samples of a step have the same
///   dropped weights. The paper instead drops other weights for each sample, which needs one matrix per sample; it also
///   drops biases, and rescales in evaluation.
/// - Complexity: O(*N* · *inputSize* · *outputSize*) time, and memory for a second weight matrix.
/// - Source: [Wan et al. 2013](https://proceedings.mlr.press/v28/wan13.html).
public final class DropConnect: Module, RatedLayer {
  /// The weights, `[outputSize, inputSize]`.
  public let weight: Parameter
  /// The biases, `[outputSize]`; nil for a layer without biases.
  public let bias: Parameter?
  /// The linear layer with all weights, as in evaluation.
  private let whole: Linear
  /// The state of the layer: its number in the mask law, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode with random initial weights, as `Linear` does.
  ///
  /// - Parameters:
  ///   - inputSize: The number of input features, at least 1.
  ///   - outputSize: The number of output features, at least 1.
  ///   - rate: The probability of *dropping* a weight, 0 to 1.
  ///   - bias: Whether to add a bias.
  ///   - initializer: The initializer of the weights.
  ///   - constraint: The constraint that is applied to the weights after every optimizer step; nil for none.
  ///   - dtype: The type of weights and bias, a floating-point type.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  public init(
    _ inputSize: Int, _ outputSize: Int, rate: Double, bias: Bool = true,
    initializer: any Initializer = .kaimingUniform(a: KaimingUniform.linearSlope),
    constraint: (any ParameterConstraint)? = nil, dtype: DType = .float32, stream: Int? = nil
  ) {
    whole = Linear(
      inputSize, outputSize, bias: bias, initializer: initializer, constraint: constraint, dtype: dtype)
    weight = whole.weight
    self.bias = whole.bias
    dropoutState = DropoutState(rate: rate, of: "DropConnect", draws: .perCall, stream: stream)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The input, `[N, inputSize]` or `[..., inputSize]`.
  /// - Returns: `[N, outputSize]` or `[..., outputSize]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    guard let draws = dropoutState.nextDraws() else { return whole(x) }
    whole.requireInput(x)
    let dropped = weightDrop(weight.value, rate: draws.rate, use: draws.use)
    return linear(x, weight: dropped, bias: bias?.value)
  }

  /// Returns the mean and variance of the layer's outputs over all masks, in any mode.
  ///
  ///     mean = x · weightᵀ + bias,   variance = rate / (1 - rate) · x² · (weight²)ᵀ
  ///
  /// By the central limit theorem an output with many inputs is approximately normal with these moments. In evaluation,
  /// the paper samples outputs from that normal distribution.
  ///
  /// - Parameter x: The input, `[N, inputSize]`.
  /// - Returns: The means and the variances, each `[N, outputSize]`. A rate of 1 stops the program.
  /// - Complexity: O(*N* · *inputSize* · *outputSize*) time.
  public func moments(of x: Tensor) -> (mean: Tensor, variance: Tensor) {
    require(rate < 1, "DropConnect.moments: expected a rate below 1, got 1, where nothing is left to rescale")
    let weights = weight.value
    return (whole(x), linear(x * x, weight: weights * weights, bias: nil) * (rate / (1 - rate)))
  }
}

extension DropoutVariant {
  static let dropConnect = DropoutVariant(
    "dropconnect", "drops single weights of a linear layer",
    source: "Wan et al. 2013, https://proceedings.mlr.press/v28/wan13.html",
    place: .layer { DropConnect($0, $1, rate: $2) })
}
