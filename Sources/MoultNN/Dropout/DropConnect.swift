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
public final class DropConnect: Module, StochasticLayer, HasRate {
  /// The weights, `[outputSize, inputSize]`.
  public let weight: Parameter
  /// The biases, `[outputSize]`, if the layer has any.
  public let bias: Parameter?
  /// The probability of *dropping* a weight.
  public var rate: Double {
    get { storedRate.value }
    set { storedRate.value = newValue }
  }
  /// The same layer with all its weights.
  private let whole: Linear
  package let stochasticState: StochasticState
  private let storedRate: RateCell
  private let layerMode = LayerMode()

  /// Makes a layer in training mode with fresh weights, drawn as `Linear` draws them.
  ///
  /// - Parameters:
  ///   - inputSize: The number of features that come in, at least 1.
  ///   - outputSize: The number of features that go out, at least 1.
  ///   - rate: The probability of *dropping* a weight, 0 to 1.
  ///   - bias: Whether to add a bias.
  ///   - initializer: How to draw the weights.
  ///   - constraint: What must hold for the weights after every step of an optimizer.
  ///   - dtype: The type of weights and bias, a floating-point one.
  ///   - stream: The layer's number in the mask law, to pin it.
  public init(
    _ inputSize: Int, _ outputSize: Int, rate: Double, bias: Bool = true,
    initializer: any Initializer = .kaimingUniform(a: KaimingUniform.linearSlope),
    constraint: (any ParameterConstraint)? = nil, dtype: DType = .float32, stream: Int? = nil
  ) {
    storedRate = RateCell(rate, of: "DropConnect")
    whole = Linear(
      inputSize, outputSize, bias: bias, initializer: initializer, constraint: constraint, dtype: dtype)
    weight = whole.weight
    self.bias = whole.bias
    stochasticState = StochasticState(stream: stream)
  }

  /// The mode that counts now: that of freezing, of the innermost scope, or of the last `train()` or `eval()`.
  public var mode: Mode { layerMode.current }

  /// Applies the layer.
  ///
  /// - Parameter x: The input, `[N, inputSize]`.
  /// - Returns: `[N, outputSize]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let mode = layerMode.current, rate = self.rate
    if mode == .evaluation || rate == 0 { return whole(x) }
    whole.requireInput(x)
    let dropped = weightDrop(weight.value, rate: rate, use: stochasticState.nextUse(mode))
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
    place: .layer { DropConnect($0, $1, rate: $2) },
    trial: VariantTrial(
      // One input, so that an output is one product, whose bits no instruction set changes.
      make: { DropConnect(1, 40, rate: $0, bias: false, dtype: $1) },
      makeLarge: { rate in
        let layer = DropConnect(1, 1 << 20, rate: rate, bias: false)
        layer.weight.value = .ones([1 << 20, 1])
        return layer
      },
      shape: [8, 1], isDiagonal: false, sharing: nil, evaluation: .rateZero, atRateOne: .finite, label: "DropConnect",
      moments: { (1, $0 / (1 - $0)) }, momentShape: [4, 1], copies: { _ in 4 }))
}
