import MoultCore

/// Sets each unit with probability `rate` to the minimum of `selu` in training, then scales and shifts all units so
/// that mean 0 and variance 1 are kept; the identity in evaluation.
///
///     y[i] = m[i] ? a x[i] + b : a α' + b,   m[i] ~ Bernoulli(1 - rate)
///     α' = -1.7580993408473766,   a = (q + α'² q rate)^(-1/2),   b = -a rate α',   q = 1 - rate
///
/// Use it after `selu`, whose activations have mean 0 and variance 1; rates of 0.05 to 0.1 are usual. The masks are
/// those of ``Dropout`` (Documentation/MaskLaw.md). Feature alpha dropout is `AlphaDropout(rate, sharing: .channels)`.
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`.
/// - Gradient: `dx[i] = m[i] ? a dy[i] : 0`, with the forward pass's mask.
/// - Edge cases: `rate == 0` returns `x` and draws nothing; `rate == 1` gives zeros with zero gradients. Dropped units
///   are replaced, not multiplied, so a NaN in a dropped unit does not reach the result. Mean and variance are kept on
///   average over masks, not in each sample.
/// - Complexity: O(*n*) time; one byte per mask unit is stored for the backward pass.
/// - Source: [Klambauer et al. 2017](https://arxiv.org/abs/1706.02515).
public final class AlphaDropout: Module, RatedLayer {
  /// The batch axis, along which the samples lie; a negative number counts from the last axis.
  public let batchAxis: Int
  /// The elements that share a mask unit, and so are dropped together.
  public let sharing: MaskSharing
  /// The state of the layer: its number in the mask law, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a unit (not of keeping it), 0 to 1.
  ///   - sharing: The elements that share a mask unit, and so are dropped together.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  ///   - batchAxis: The batch axis, along which the samples lie; a negative number counts from the last axis.
  public init(_ rate: Double, sharing: MaskSharing = .elementwise, stream: Int? = nil, batchAxis: Int = 0) {
    sharing.requireValid()
    self.batchAxis = batchAxis
    self.sharing = sharing
    dropoutState = DropoutState(rate: rate, of: "AlphaDropout", stream: stream)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The input, `[N, ...]`, of a floating-point type.
  /// - Returns: `x` with units dropped, or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    sharing.requireFits(x, batchAxis: batchAxis)
    guard let draws = dropoutState.nextDraws() else { return x }
    return alphaDropout(x, rate: draws.rate, use: draws.use, batchAxis: batchAxis, sharing: sharing)
  }
}

extension DropoutVariant {
  static let alpha = DropoutVariant(
    "alpha-dropout", "sets units to selu's least value and keeps mean 0 and variance 1",
    source: "Klambauer et al. 2017, https://arxiv.org/abs/1706.02515",
    place: .hidden { AlphaDropout($0) })
}
