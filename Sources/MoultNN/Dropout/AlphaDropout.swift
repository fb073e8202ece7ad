import MoultCore

/// Sets each unit with probability `rate` to the least value of `selu` in training, and keeps mean 0 and variance 1;
/// the identity in evaluation.
///
///     y[i] = m[i] ? a x[i] + b : a α' + b,   m[i] ~ Bernoulli(1 - rate)
///     α' = -1.7580993408473766,   a = (q + α'² q rate)^(-1/2),   b = -a rate α',   q = 1 - rate
///
/// It is for networks of `selu`, whose activations have mean 0 and variance 1; rates of 0.05 to 0.1 are usual. Masks
/// are those of ``Dropout`` (Documentation/MaskLaw.md). Feature alpha dropout is
/// `AlphaDropout(rate, sharing: .channels)`.
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`.
/// - Gradient: `dx[i] = m[i] ? a dy[i] : 0`, with the forward pass's mask.
/// - Edge cases: `rate == 0` returns `x` and draws nothing; `rate == 1` gives zeros with zero gradients. Dropped units
///   are replaced, not multiplied, so a NaN in one does not leak. Mean and variance hold over draws, not in each
///   sample.
/// - Complexity: O(*n*) time; a byte a unit is kept for the backward pass.
/// - Source: [Klambauer et al. 2017](https://arxiv.org/abs/1706.02515).
public final class AlphaDropout: Module, RatedLayer {
  /// The axis that runs over the samples.
  public let batchAxis: Int
  /// Which elements are dropped together.
  public let sharing: MaskSharing
  /// The layer's number, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a unit (not of keeping it), 0 to 1.
  ///   - sharing: Which elements are dropped together.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1, to pin it.
  ///   - batchAxis: The axis that runs over the samples.
  public init(_ rate: Double, sharing: MaskSharing = .elementwise, stream: Int? = nil, batchAxis: Int = 0) {
    sharing.requireValid()
    self.batchAxis = batchAxis
    self.sharing = sharing
    dropoutState = DropoutState(rate: rate, of: "AlphaDropout", stream: stream)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The input.
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
