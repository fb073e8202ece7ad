import MoultCore

/// Sets square blocks of each feature map to 0 and rescales the other units; returns `x` unchanged in evaluation.
///
/// Neighboring units of a feature map carry nearly the same information, so dropping single units removes little of it.
/// Dropping blocks removes whole parts of the image.
///
///     γ = rate · H · W / (b² · (H - b + 1) · (W - b + 1))
///     seed[n, c, i, j] ~ Bernoulli(γ),   0 <= i <= H - b, 0 <= j <= W - b
///     m[n, c, h, w] = no seed at (i, j) with i <= h < i + b, j <= w < j + b
///     y[n] = m[n] ? x[n] · C · H · W / Σ m[n] : 0
///
/// With this `γ` the expected fraction of dropped units is `rate` for blocks of one unit, and slightly less for larger
/// blocks, since they overlap. Each sample is rescaled by its own fraction of kept units, so that splitting a batch
/// changes nothing; torchvision's `drop_block2d` rescales by the fraction in the whole batch.
///
/// - Shapes: `x: [N, C, H, W]` -> the same.
/// - Gradient: `dx = m ? dy · scale : 0`, with the forward pass's mask and `scale = C · H · W / Σ m[n]`.
/// - Edge cases: a `blockSize` larger than the map is reduced to the smaller side of the map. `rate == 0` returns `x`
///   and draws nothing; `rate == 1` gives zeros. A NaN in a dropped unit does not reach the result.
/// - Mask law (Documentation/MaskLaw.md): unit `(c · (H - b + 1) + i) · (W - b + 1) + j` of each sample, at the rate
///   `γ`; a dropped unit is a seed.
/// - Complexity: O(*n* + seeds · *b*²) time; one byte per unit is stored for the backward pass.
/// - Source: [Ghiasi, Lin and Le 2018](https://arxiv.org/abs/1810.12890), algorithm 1 and equation 1.
///
/// - Parameters:
///   - x: The feature maps, `[N, C, H, W]`.
///   - rate: The approximate fraction of units to drop, 0 to 1.
///   - blockSize: The side b of a block in units, at least 1.
///   - mode: `.training` and `.sampling` drop, `.evaluation` does not. There is no default, so that no call drops by
///     accident.
///   - stream: The layer number of the call in the mask law, 0 to 2³¹ - 1; nil numbers the calls of a step in their
///     order.
/// - Returns: The feature maps with blocks of zeros.
public func dropBlock(_ x: Tensor, rate: Double, blockSize: Int, mode: Mode, stream: Int? = nil) -> Tensor {
  requireRate(rate, "dropBlock")
  requireBlocks(blockSize, x, "dropBlock")
  guard rate > 0, let use = MaskUse.functional(mode, stream: stream) else { return x }
  return dropBlock(x, rate: rate, blockSize: blockSize, use: use)
}

/// Applies `dropBlock` with the masks of the mask call `use`, which a layer has already counted.
package func dropBlock(_ x: Tensor, rate: Double, blockSize: Int, use: MaskUse) -> Tensor {
  guard rate < 1, x.count > 0 else { return keepingOnly(Tensor([false], shape: []), of: x) }
  let map = FeatureMap(channels: x.shape[1], height: x.shape[2], width: x.shape[3], blockSize: blockSize)
  let seedsKept: [Bool] = use.kept(rate: map.seedRate(rate), rows: x.shape[0], units: map.seedCount).scalars()
  var kept = [Bool](repeating: true, count: x.count)
  var scales: [Double] = []
  for sample in 0..<x.shape[0] {
    let range = sample * map.count..<(sample + 1) * map.count
    map.punch(seedsKept[sample * map.seedCount..<(sample + 1) * map.seedCount], into: &kept[range])
    let left = kept[range].count { $0 }
    scales.append(left > 0 ? Double(map.count) / Double(left) : 1)
  }
  let scale = Tensor(scales, shape: [x.shape[0], 1, 1, 1]).cast(to: x.dtype)
  return keepingOnly(Tensor(kept, shape: x.shape), of: x * scale)
}

/// The sizes of one sample's feature maps and of the blocks that are dropped in them.
private struct FeatureMap {
  let channels, height, width, blockSize: Int

  init(channels: Int, height: Int, width: Int, blockSize: Int) {
    (self.channels, self.height, self.width) = (channels, height, width)
    self.blockSize = min(blockSize, height, width)
  }

  var count: Int { channels * height * width }
  var seedHeight: Int { height - blockSize + 1 }
  var seedWidth: Int { width - blockSize + 1 }
  var seedCount: Int { channels * seedHeight * seedWidth }

  /// Returns γ, the probability of a block at each position; at most `rate`, since a block is never larger than its
  /// map.
  func seedRate(_ rate: Double) -> Double {
    min(rate, rate * Double(height) * Double(width) / Double(blockSize * blockSize * seedHeight * seedWidth))
  }

  /// Sets `kept` to false in the block of each seed that is false in `seedsKept`.
  func punch(_ seedsKept: ArraySlice<Bool>, into kept: inout ArraySlice<Bool>) {
    for (seed, isKept) in seedsKept.enumerated() where !isKept {
      let (row, column) = (seed / seedWidth, seed % seedWidth)
      let top = (row / seedHeight * height + row % seedHeight) * width + column
      for line in 0..<blockSize {
        let start = kept.startIndex + top + line * width
        for place in start..<start + blockSize { kept[place] = false }
      }
    }
  }
}

private func requireBlocks(_ blockSize: Int, _ x: Tensor, _ caller: String) {
  require(blockSize > 0, "\(caller): expected a blockSize of at least 1, got \(blockSize)")
  require(x.rank == 4, "\(caller): expected x: [N, C, H, W], got \(x.shape); add the missing axes with reshaped")
}

/// Sets square blocks of each feature map to 0 in training: `dropBlock` as a layer.
public final class DropBlock: Module, RatedLayer {
  /// The side of a block in units, at least 1.
  public let blockSize: Int
  /// The state of the layer: its number in the mask law, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The approximate fraction of units to drop, 0 to 1.
  ///   - blockSize: The side of a block in units, at least 1; 7 in the paper.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  public init(_ rate: Double, blockSize: Int = 7, stream: Int? = nil) {
    require(blockSize > 0, "DropBlock: expected a blockSize of at least 1, got \(blockSize)")
    self.blockSize = blockSize
    dropoutState = DropoutState(rate: rate, of: "DropBlock", stream: stream)
  }

  /// Returns γ, the rate at which the mask of block positions was drawn; it depends on the size of the feature maps.
  ///
  /// - Parameter mask: A mask that the layer drew.
  /// - Returns: The probability of a block at each position, 0 to 1.
  public func expectedRate(of mask: RecordedMask) -> Double { mask.rate }

  /// Applies the layer.
  ///
  /// - Parameter x: The feature maps, `[N, C, H, W]`.
  /// - Returns: `x` with blocks of zeros, or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireBlocks(blockSize, x, "DropBlock")
    guard let draws = dropoutState.nextDraws() else { return x }
    return dropBlock(x, rate: draws.rate, blockSize: blockSize, use: draws.use)
  }
}

extension DropoutVariant {
  static let dropBlock = DropoutVariant(
    "drop-block", "zeroes square blocks of feature maps",
    source: "Ghiasi, Lin and Le 2018, https://arxiv.org/abs/1810.12890",
    place: .needs("feature maps, [N, C, H, W]; the network's activations are flat"))
}
