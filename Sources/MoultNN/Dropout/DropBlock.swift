import MoultCore

/// Zeroes square blocks of each feature map and rescales the rest, or returns `x` in evaluation.
///
/// In a feature map single units say little that their neighbours do not: dropping them one by one hides nothing.
/// Blocks hide a part of the image.
///
///     γ = rate · H · W / (b² · (H - b + 1) · (W - b + 1))
///     seed[n, c, i, j] ~ Bernoulli(γ),   0 <= i <= H - b, 0 <= j <= W - b
///     m[n, c, h, w] = no seed at (i, j) with i <= h < i + b, j <= w < j + b
///     y[n] = m[n] ? x[n] · C · H · W / Σ m[n] : 0
///
/// `γ` makes the fraction of dropped units about `rate`: exactly so for blocks of one unit, a little less for larger
/// ones, since blocks overlap. Each sample is rescaled by what was dropped of it alone, so that splitting a batch
/// changes nothing; torchvision's `drop_block2d` counts over the batch.
///
/// - Shapes: `x: [N, C, H, W]` -> the same.
/// - Gradient: `dx = m ? dy · scale : 0`, with the forward pass's mask.
/// - Edge cases: a `blockSize` larger than the map is cut down to it. `rate == 0` returns `x` and draws nothing;
///   `rate == 1` gives zeros. NaN in a dropped unit does not leak.
/// - Law: unit `(c · (H - b + 1) + i) · (W - b + 1) + j` of each sample, at the rate `γ`.
/// - Complexity: O(*n* + seeds · *b*²) time, a byte a unit kept.
/// - Source: [Ghiasi, Lin and Le 2018](https://arxiv.org/abs/1810.12890), algorithm 1 and equation 1.
///
/// - Parameters:
///   - x: The feature maps.
///   - rate: About the fraction of units to drop, 0 to 1.
///   - blockSize: The side of a block, at least 1.
///   - mode: The mode; there is no default, so that dropping is always chosen.
///   - stream: The stream's number; without it every call is a stream of its own.
/// - Returns: The maps with holes.
public func dropBlock(_ x: Tensor, rate: Double, blockSize: Int, mode: Mode, stream: Int? = nil) -> Tensor {
  requireRate(rate, "dropBlock")
  requireBlocks(blockSize, x, "dropBlock")
  guard rate > 0, let use = MaskUse.functional(mode, stream: stream) else { return x }
  return dropBlock(x, rate: rate, blockSize: blockSize, use: use)
}

/// The same for a layer that has counted the use itself.
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

/// The geometry of blocks in the maps of one sample.
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

  /// γ; at most `rate`, since a block is nowhere larger than its map.
  func seedRate(_ rate: Double) -> Double {
    min(rate, rate * Double(height) * Double(width) / Double(blockSize * blockSize * seedHeight * seedWidth))
  }

  /// Clears the blocks of the seeds that are not kept.
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

/// `dropBlock` as a layer.
public final class DropBlock: Module, RatedLayer {
  /// The side of a block.
  public let blockSize: Int
  /// The layer's number, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: About the fraction of units to drop, 0 to 1.
  ///   - blockSize: The side of a block; 7 in the paper.
  ///   - stream: The layer's number in the mask law, to pin it.
  public init(_ rate: Double, blockSize: Int = 7, stream: Int? = nil) {
    require(blockSize > 0, "DropBlock: expected a blockSize of at least 1, got \(blockSize)")
    self.blockSize = blockSize
    dropoutState = DropoutState(rate: rate, of: "DropBlock", stream: stream)
  }

  /// γ of the mask: the rate of the blocks' seeds depends on the size of the maps that came in.
  public func expectedRate(of mask: RecordedMask) -> Double { mask.rate }

  /// Applies the layer.
  ///
  /// - Parameter x: The feature maps, `[N, C, H, W]`.
  /// - Returns: `x` with holes, or `x` itself in evaluation mode.
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
