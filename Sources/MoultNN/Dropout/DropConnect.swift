import MoultCore

/// A fully connected layer that drops single weights in training.
///
///     y = x · (m ∘ weight / (1 - rate))ᵀ + bias,   m[o, i] ~ Bernoulli(1 - rate)
///
/// In evaluation the layer is `Linear` with the same weights, which are the expectation of those in training.
///
/// - Shapes: `x: [N, inputSize]` -> `[N, outputSize]`, and likewise `[..., inputSize]`; `weight: [outputSize,
///   inputSize]`, `bias: [outputSize]`.
/// - Gradient: that of a linear layer with the dropped weights; a dropped weight gets none.
/// - Edge cases: `rate == 0` is `Linear` and draws nothing; `rate == 1` gives the bias.
/// - Law: unit `out · inputSize + in`, sample 0: the samples of a batch share the weights of a step. The paper draws
///   weights for each sample, which takes a matrix each; it also drops biases, and rescales at evaluation instead.
/// - Complexity: O(*N* · *inputSize* · *outputSize*) time and a second matrix of weights.
/// - Source: [Wan et al. 2013](https://proceedings.mlr.press/v28/wan13.html).
public final class DropConnect: Module, RatedLayer {
  /// The weights, `[outputSize, inputSize]`.
  public let weight: Parameter
  /// The biases, `[outputSize]`, if the layer has any.
  public let bias: Parameter?
  /// The same layer with all its weights.
  private let whole: Linear
  /// The layer's number, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode with fresh weights, drawn as `Linear` draws them.
  ///
  /// - Parameters:
  ///   - inputSize: The number of features that come in, at least 1.
  ///   - outputSize: The number of features that go out, at least 1.
  ///   - rate: The probability of *dropping* a weight, 0 to 1.
  ///   - bias: Whether to add a bias.
  ///   - initializer: The initializer of the weights.
  ///   - constraint: The constraint that the weights keep after every step of an optimizer.
  ///   - dtype: The type of weights and bias, a floating-point one.
  ///   - stream: The layer's number in the mask law, to pin it.
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
  /// - Parameter x: The input, `[N, inputSize]`.
  /// - Returns: `[N, outputSize]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    guard let draws = dropoutState.nextDraws() else { return whole(x) }
    whole.requireInput(x)
    let dropped = weightDrop(weight.value, rate: draws.rate, use: draws.use)
    return linear(x, weight: dropped, bias: bias?.value)
  }

  /// Mean and variance of the layer's outputs over its masks.
  ///
  ///     mean = x · weightᵀ + bias,   variance = rate / (1 - rate) · x² · (weight²)ᵀ
  ///
  /// By the central limit theorem an output with many inputs is about normal with these moments: the paper's rule for
  /// evaluation draws from that distribution.
  ///
  /// - Parameter x: The input, `[N, inputSize]`.
  /// - Returns: Two tensors `[N, outputSize]`.
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
