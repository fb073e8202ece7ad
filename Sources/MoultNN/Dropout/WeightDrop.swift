import MoultCore

/// Sets single weights of a matrix to 0 and multiplies the others by `1 / (1 - rate)`; returns the matrix unchanged in
/// evaluation.
///
///     W'[o, i] = m[o, i] ? W[o, i] / (1 - rate) : 0,   m[o, i] ~ Bernoulli(1 - rate)
///
/// Apply it once per sequence and use the result at every time step. Dropping hidden-to-hidden weights regularizes a
/// recurrent layer and keeps its memory; dropping the state at every time step would erase that memory.
///
/// - Shapes: `weight: [out, in]`, or any other shape -> the same.
/// - Gradient: `dW[o, i] = m[o, i] ? dW'[o, i] / (1 - rate) : 0`.
/// - Edge cases: `rate == 0` returns `weight` and draws nothing; `rate == 1` gives zeros.
/// - Mask law (Documentation/MaskLaw.md): unit `out · inputSize + in`, sample 0: all samples of a call, and of the
///   micro-batches of a step, have the same dropped weights.
/// - Complexity: O(*out* · *in*) time; nothing is stored for the backward pass.
/// - Source: [Merity, Keskar and Socher 2017](https://arxiv.org/abs/1708.02182), section 2.
///
/// - Parameters:
///   - weight: The weight matrix.
///   - rate: The probability of dropping a weight, 0 to 1.
///   - mode: `.training` and `.sampling` drop, `.evaluation` does not. There is no default, so that no call drops by
///     accident.
///   - stream: The layer number of the call in the mask law, 0 to 2³¹ - 1; nil numbers the calls of a step in their
///     order.
/// - Returns: The matrix with weights dropped, of the same shape.
public func weightDrop(_ weight: Tensor, rate: Double, mode: Mode, stream: Int? = nil) -> Tensor {
  requireRate(rate, "weightDrop")
  guard rate > 0, let use = MaskUse.functional(mode, stream: stream) else { return weight }
  return weightDrop(weight, rate: rate, use: use)
}

/// Applies `weightDrop` with the masks of the mask call `use`, which a layer has already counted.
package func weightDrop(_ weight: Tensor, rate: Double, use: MaskUse) -> Tensor {
  dropout(weight.reshaped([weight.count]), rate: rate, use: use.sharedBySamples).reshaped(weight.shape)
}

/// Drops single weights of a matrix in training: `weightDrop` as a layer, for use inside a recurrent layer. Call it
/// once per sequence.
public final class WeightDrop: Module, RatedLayer {
  /// The state of the layer: its number in the mask law, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a weight, 0 to 1.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  public init(_ rate: Double, stream: Int? = nil) {
    dropoutState = DropoutState(rate: rate, of: "WeightDrop", draws: .perCall, stream: stream)
  }

  /// Applies the layer.
  ///
  /// - Parameter weight: The weight matrix: the `value` of a parameter.
  /// - Returns: The matrix with weights dropped, or `weight` itself in evaluation mode.
  public func callAsFunction(_ weight: Tensor) -> Tensor {
    guard let draws = dropoutState.nextDraws() else { return weight }
    return weightDrop(weight, rate: draws.rate, use: draws.use)
  }
}

extension DropoutVariant {
  static let weightDrop = DropoutVariant(
    "weight-drop", "drops single weights of a recurrent matrix, once a sequence",
    source: "Merity, Keskar and Socher 2017, https://arxiv.org/abs/1708.02182",
    place: .needs("a recurrent layer"))
}
