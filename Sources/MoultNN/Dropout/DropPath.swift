import MoultCore

/// Sets whole samples to 0 with probability `rate` and multiplies the others by `1 / (1 - rate)`; returns `x` unchanged
/// in evaluation. Applied to the residual branch of a block, this is stochastic depth.
///
///     y[n] = m[n] ? x[n] / (1 - rate) : 0,   m[n] ~ Bernoulli(1 - rate)
///
/// - Shapes: `x: [N, ...]` -> the same; a tensor of rank 0 or 1 is one sample.
/// - Gradient: `dx[n] = m[n] ? dy[n] / (1 - rate) : 0`, with the forward pass's mask.
/// - Edge cases: `rate == 0` returns `x` and draws nothing; `rate == 1` gives zeros. A NaN in a dropped sample does not
///   reach the result.
/// - Mask law (Documentation/MaskLaw.md): unit 0 of each sample.
/// - Complexity: O(*n*) time; one byte per sample is stored for the backward pass.
/// - Source: [Huang et al. 2016](https://arxiv.org/abs/1603.09382), but rescaled in training instead of evaluation, as
///   in torchvision's `stochastic_depth(mode="row")`.
///
/// - Parameters:
///   - x: The output of the residual branch, `[N, ...]`.
///   - rate: The probability of dropping a sample's branch, 0 to 1.
///   - mode: `.training` and `.sampling` drop, `.evaluation` does not. There is no default, so that no call drops by
///     accident.
///   - stream: The layer number of the call in the mask law, 0 to 2³¹ - 1; nil numbers the calls of a step in their
///     order.
/// - Returns: The branch to add to the block's input, of the same shape.
public func dropPath(_ x: Tensor, rate: Double, mode: Mode, stream: Int? = nil) -> Tensor {
  requireRate(rate, "dropPath")
  guard rate > 0, let use = MaskUse.functional(mode, stream: stream) else { return x }
  return dropPath(x, rate: rate, use: use)
}

/// Applies `dropPath` with the masks of the mask call `use`, which a layer has already counted.
package func dropPath(_ x: Tensor, rate: Double, use: MaskUse) -> Tensor {
  let isBatch = x.rank > 1
  let kept = (isBatch ? use : use.sharedBySamples).kept(rate: rate, rows: isBatch ? x.shape[0] : 1, units: 1)
  let shape = isBatch ? [x.shape[0]] + [Int](repeating: 1, count: x.rank - 1) : []
  return keepingOnly(kept.reshaped(shape), of: x, scale: survivorScale(rate))
}

/// Drops the residual branch of whole samples in training: `dropPath` as a layer. ``Residual`` adds the result to the
/// input of the block.
public final class DropPath: Module, RatedLayer {
  /// The state of the layer: its number in the mask law, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a sample's branch, 0 to 1.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  public init(_ rate: Double, stream: Int? = nil) {
    dropoutState = DropoutState(rate: rate, of: "DropPath", stream: stream)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The output of the residual branch, `[N, ...]`.
  /// - Returns: `x` with samples dropped, or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    guard let draws = dropoutState.nextDraws() else { return x }
    return dropPath(x, rate: draws.rate, use: draws.use)
  }

  /// Returns rates that grow linearly with depth: `last · l / depth` for block `l` = 1 … `depth`.
  ///
  /// Early blocks compute the features that all later blocks use, so they are dropped least. The expected number of
  /// active blocks is `depth - last · (depth + 1) / 2`.
  ///
  /// - Parameters:
  ///   - depth: The number of blocks, 0 or more.
  ///   - last: The rate of the last block, 0 to 1.
  /// - Returns: The rates of the blocks, `depth` in all, that of the first block first.
  public static func linearRates(depth: Int, last: Double) -> [Double] {
    require(depth >= 0, "DropPath.linearRates: expected a depth from 0 on, got \(depth)")
    requireRate(last, "DropPath.linearRates")
    return (0..<depth).map { last * Double($0 + 1) / Double(depth) }
  }
}

extension DropoutVariant {
  static let dropPath = DropoutVariant(
    "drop-path", "drops the residual branch of whole samples: stochastic depth",
    source: "Huang et al. 2016, https://arxiv.org/abs/1603.09382",
    place: .needs("residual blocks"))
}
