import MoultCore

/// Zeroes whole samples with probability `rate` and rescales the others, or returns `x` in evaluation: stochastic
/// depth, when `x` is the residual branch of a block.
///
///     y[n] = m[n] ? x[n] / (1 - rate) : 0,   m[n] ~ Bernoulli(1 - rate)
///
/// - Shapes: `x: [N, ...]` -> the same; a tensor of rank 0 or 1 is one sample.
/// - Gradient: `dx[n] = m[n] ? dy[n] / (1 - rate) : 0`, with the forward pass's mask.
/// - Edge cases: `rate == 0` returns `x` and draws nothing; `rate == 1` gives zeros. NaN in a dropped sample does not
///   leak.
/// - Law: unit 0 of each sample.
/// - Complexity: O(*n*) time; a bit a sample is kept.
/// - Source: [Huang et al. 2016](https://arxiv.org/abs/1603.09382); rescaled in training instead of evaluation, as
///   torchvision's `stochastic_depth(mode="row")`.
///
/// - Parameters:
///   - x: The branch.
///   - rate: The probability of dropping a sample's branch, 0 to 1.
///   - mode: The mode; there is no default, so that dropping is always chosen.
///   - stream: The stream's number; without it every call is a stream of its own.
/// - Returns: The branch to add.
public func dropPath(_ x: Tensor, rate: Double, mode: Mode, stream: Int? = nil) -> Tensor {
  requireRate(rate, "dropPath")
  guard rate > 0, let use = MaskUse.functional(mode, stream: stream) else { return x }
  return dropPath(x, rate: rate, use: use)
}

/// The same for a layer that has counted the use itself.
package func dropPath(_ x: Tensor, rate: Double, use: MaskUse) -> Tensor {
  let isBatch = x.rank > 1
  let kept = (isBatch ? use : use.sharedBySamples).kept(rate: rate, rows: isBatch ? x.shape[0] : 1, units: 1)
  let shape = isBatch ? [x.shape[0]] + [Int](repeating: 1, count: x.rank - 1) : []
  return keepingOnly(kept.reshaped(shape), of: x, scale: survivorScale(rate))
}

/// `dropPath` as a layer; `Residual` adds the rest of a block.
public final class DropPath: Module, RatedLayer {
  /// The layer's number, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a sample's branch, 0 to 1.
  ///   - stream: The layer's number in the mask law, to pin it.
  public init(_ rate: Double, stream: Int? = nil) {
    dropoutState = DropoutState(rate: rate, of: "DropPath", stream: stream)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The branch.
  /// - Returns: `x` with samples dropped, or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    guard let draws = dropoutState.nextDraws() else { return x }
    return dropPath(x, rate: draws.rate, use: draws.use)
  }

  /// Rates that grow linearly with depth: `last · l / depth` for block `l` = 1 … `depth`.
  ///
  /// Early blocks make the features that all others build on, so they are dropped least. Of `depth` blocks,
  /// `depth - last · (depth + 1) / 2` are active in expectation.
  ///
  /// - Parameters:
  ///   - depth: The number of blocks.
  ///   - last: The rate of the last block, 0 to 1.
  /// - Returns: A rate for each block.
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
