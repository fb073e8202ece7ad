import MoultCore

/// Sets each unit to 0 with probability `rate` in training and multiplies the others by `1 / (1 - rate)`; the identity
/// in evaluation.
///
///     y[i] = m[i] ? x[i] / (1 - rate) : 0,   m[i] ~ Bernoulli(1 - rate)
///
/// Every call draws a new mask. The mask is a pure function of the seed, the layer's number, the call, the step, the
/// sample and the unit (Documentation/MaskLaw.md), so neither the split of a batch nor the number of threads changes
/// it.
///
/// ```swift
/// Dropout(0.5)                          // a mask unit for each element
/// Dropout(0.2, sharing: .channels)      // a mask unit for each channel of [N, C, L], [N, C, H, W], [N, C, D, H, W]
/// Dropout(0.5, sharing: .time())        // the same mask at all time steps of a sequence [N, T, D]
/// Dropout(0.5, sharing: .groups(of: 4)) // the same mask for each 4 consecutive samples
/// ```
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`. A batch axis is required: an image `[C, H, W]` is taken as a batch of C
///   samples.
/// - Gradient: `dx[i] = m[i] ? dy[i] / (1 - rate) : 0`, with the forward pass's mask.
/// - Edge cases: `rate == 0` returns `x` and draws nothing; `rate == 1` gives zeros with zero gradients. Dropped units
///   are replaced, not multiplied, so a NaN in a dropped unit does not reach the result.
/// - Complexity: O(*n*) time. An elementwise mask is not stored for the backward pass; other masks are, with one byte
///   per mask unit.
/// - Source: [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html); channels:
///   [Tompson et al. 2015](https://arxiv.org/abs/1411.4280); time:
///   [Gal & Ghahramani 2016](https://arxiv.org/abs/1512.05287); batch:
///   [Graham et al. 2015](https://arxiv.org/abs/1502.02478).
public final class Dropout: Module, RatedLayer {
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
  ///   - sharing: The elements that share a mask unit, and so are dropped together: none, those of a channel, those of
  ///     all samples, and so on.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  ///   - batchAxis: The batch axis, along which the samples lie; a negative number counts from the last axis.
  public init(_ rate: Double, sharing: MaskSharing = .elementwise, stream: Int? = nil, batchAxis: Int = 0) {
    sharing.requireValid()
    self.batchAxis = batchAxis
    self.sharing = sharing
    dropoutState = DropoutState(rate: rate, of: "Dropout", stream: stream)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The input, `[N, ...]`, of a floating-point type.
  /// - Returns: `x` with units dropped, or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    sharing.requireFits(x, batchAxis: batchAxis)
    guard let draws = dropoutState.nextDraws() else { return x }
    return draws.dropout(x, sharing: sharing, batchAxis: batchAxis)
  }
}
