import MoultCore

/// Zeroes each unit with probability `rate` in training and rescales the survivors; the identity in evaluation.
///
///     y[i] = m[i] ? x[i] / (1 - rate) : 0,   m[i] ~ Bernoulli(1 - rate)
///
/// Every use draws a new mask. The mask is a pure function of the seed, the layer's number, the step, the sample and
/// the unit (Documentation/MaskLaw.md), so it is never stored, and the batch split and the thread count cannot change
/// it.
///
/// ```swift
/// Dropout(0.5)                          // each unit for itself
/// Dropout(0.2, sharing: .channels)      // whole channels of [N, C, L], [N, C, H, W], [N, C, D, H, W]
/// Dropout(0.5, sharing: .time())        // one mask for a sequence [N, T, D]
/// Dropout(0.5, sharing: .groups(of: 4)) // the same units for 4 samples in a row
/// ```
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`; the batch's axis is always there, an image without one is not a batch.
/// - Gradient: `dx[i] = m[i] ? dy[i] / (1 - rate) : 0`, with the forward pass's mask.
/// - Edge cases: `rate == 0` returns `x` and draws nothing; `rate == 1` gives zeros with zero gradients. Dropped units
///   are replaced, not multiplied, so a NaN in one does not leak.
/// - Complexity: O(*n*) time; no memory is kept for the backward pass, or a byte for each unit that elements share.
/// - Source: [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html); channels:
///   [Tompson et al. 2015](https://arxiv.org/abs/1411.4280); time:
///   [Gal & Ghahramani 2016](https://arxiv.org/abs/1512.05287); batch:
///   [Graham et al. 2015](https://arxiv.org/abs/1502.02478).
public final class Dropout: Module, RatedLayer {
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
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1, to pin it; else `train()` and `eval()`
  ///     number the layers of a model.
  ///   - batchAxis: The axis that runs over the samples.
  ///   - sharing: Which elements are dropped together: each for itself, whole channels, the same for all samples and so
  ///     on.
  public init(_ rate: Double, sharing: MaskSharing = .elementwise, stream: Int? = nil, batchAxis: Int = 0) {
    sharing.requireValid()
    self.batchAxis = batchAxis
    self.sharing = sharing
    dropoutState = DropoutState(rate: rate, of: "Dropout", stream: stream)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The input.
  /// - Returns: `x` with units dropped, or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    sharing.requireFits(x, batchAxis: batchAxis)
    guard let draws = dropoutState.nextDraws() else { return x }
    return draws.dropout(x, sharing: sharing, batchAxis: batchAxis)
  }
}
