import MoultCore

/// Drops single weights of a matrix in training; the matrix itself in evaluation.
///
///     W'[o, i] = m[o, i] ? W[o, i] / (1 - rate) : 0,   m[o, i] ~ Bernoulli(1 - rate)
///
/// Apply it once a sequence and use the result at every time step: dropping hidden-to-hidden weights regularises a
/// recurrent layer without breaking its memory, which dropping its state at every step does.
///
/// - Shapes: `weight: [out, in]`, or any other -> the same.
/// - Gradient: `dW[o, i] = m[o, i] ? dW'[o, i] / (1 - rate) : 0`.
/// - Edge cases: `rate == 0` returns `weight` and draws nothing; `rate == 1` gives zeros.
/// - Law: unit `out · inputSize + in`, sample 0: all samples of a use, and of its micro-batches, share the weights.
/// - Complexity: O(*out* · *in*) time, no memory kept for the backward pass.
/// - Source: [Merity, Keskar and Socher 2017](https://arxiv.org/abs/1708.02182), section 2.
///
/// - Parameters:
///   - weight: The matrix.
///   - rate: The probability of dropping a weight, 0 to 1.
///   - mode: The mode; there is no default, so that dropping is always chosen.
///   - stream: The stream's number; without it every call is a stream of its own.
/// - Returns: The weights to compute with.
public func weightDrop(_ weight: Tensor, rate: Double, mode: Mode, stream: Int? = nil) -> Tensor {
  requireRate(rate, "weightDrop")
  guard rate > 0, let use = MaskUse.functional(mode, stream: stream) else { return weight }
  return weightDrop(weight, rate: rate, use: use)
}

/// The same for a layer that has counted the use itself.
package func weightDrop(_ weight: Tensor, rate: Double, use: MaskUse) -> Tensor {
  dropout(weight.reshaped([weight.count]), rate: rate, use: use.sharedBySamples).reshaped(weight.shape)
}

/// `weightDrop` as a piece of a recurrent layer: give it the matrix once a sequence.
public final class WeightDrop: Module, RatedLayer {
  /// The layer's number, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a weight, 0 to 1.
  ///   - stream: The layer's number in the mask law, to pin it.
  public init(_ rate: Double, stream: Int? = nil) {
    dropoutState = DropoutState(rate: rate, of: "WeightDrop", draws: .perCall, stream: stream)
  }

  /// Drops weights.
  ///
  /// - Parameter weight: The matrix, a parameter's `value`.
  /// - Returns: The weights to compute with.
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
