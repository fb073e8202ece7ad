import MoultCore

/// Sets a square patch of each image to 0 with probability `rate` in training; the identity in evaluation.
///
///     y[n, c, i, j] = p ≤ i < p + size and q ≤ j < q + size ? 0 : x[n, c, i, j]
///     p = ⌊u H⌋ - ⌊size / 2⌋,   q = ⌊v W⌋ - ⌊size / 2⌋,   u, v ~ U(0, 1) for each sample
///
/// The center of the patch is each pixel with equal probability, so a part of the patch may lie outside the image. All
/// channels lose the same pixels, and the other pixels are not rescaled.
///
/// - Shapes: `x: [N, C, H, W]` -> `[N, C, H, W]`.
/// - Gradient: `dx = dy` outside the patch and 0 inside.
/// - Edge cases: `size == 0` and `rate == 0` return `x` and draw nothing. Pixels are replaced, not multiplied, so a NaN
///   inside the patch does not reach the result.
/// - Mask law (Documentation/MaskLaw.md): a sample is cut if unit 0 of its mask is dropped. `⌊u H⌋` and `⌊v W⌋` are the
///   high 64 bits of the products of `H` and `W` with the random 64-bit integers of units 0 and 1, part 1024.
/// - Complexity: O(*n*) time; one byte per pixel of `[N, H, W]` is stored for the backward pass.
/// - Source: [DeVries & Taylor 2017](https://arxiv.org/abs/1708.04552).
public final class Cutout: Module, RatedLayer {
  /// The side of the patch in pixels, 0 or more.
  public let size: Int
  /// The state of the layer: its number in the mask law, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - size: The side of the patch in pixels, 0 or more.
  ///   - rate: The probability that a sample loses a patch, 0 to 1.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  public init(size: Int, rate: Double = 1, stream: Int? = nil) {
    require(size >= 0, "Cutout: expected a size of 0 pixels or more, got \(size)")
    self.size = size
    dropoutState = DropoutState(rate: rate, of: "Cutout", stream: stream)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The images, `[N, C, H, W]`, of a floating-point type.
  /// - Returns: `x` with a patch of zeros in each image that is cut, or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.requireFloatingPoint("Cutout")
    require(x.rank == 4, "Cutout: expected x: [N, C, H, W], got \(x.shape); reshape it first")
    guard size > 0, let draws = dropoutState.nextDraws() else { return x }
    return draws.use.onEachPass(x) { cut($0, draws.rate, $1) }
  }

  private func cut(_ x: Tensor, _ rate: Double, _ use: MaskUse) -> Tensor {
    let height = x.shape[2], width = x.shape[3]
    var dropped = [UInt8](repeating: 0, count: x.shape[0] * height * width)
    let isCut = use.dropped(rate: rate, rows: x.shape[0])
    for sample in 0..<x.shape[0] where isCut[sample] {
      let middle = use.bits(2, row: sample)
      let rows = patch(around: middle[0], of: height), columns = patch(around: middle[1], of: width)
      for row in rows {
        let start = (sample * height + row) * width
        for column in columns { dropped[start + column] = 1 }
      }
    }
    let mask = SharedMask(dropped: dropped, units: height * width, repeats: x.shape[1])
    return mask.applied(to: x.values, scale: 1).recorded("cutout", from: x) { mask.applied(to: $0, scale: 1) }
  }

  private func patch(around bits: UInt64, of extent: Int) -> Range<Int> {
    let start = Int(bits.multipliedFullWidth(by: UInt64(extent)).high) - size / 2
    return max(start, 0)..<min(start + size, extent)
  }
}

extension MaskUse {
  /// Returns whether unit 0 of each sample is dropped, for `rows` samples.
  fileprivate func dropped(rate: Double, rows: Int) -> [Bool] {
    guard rate < 1 else { return Array(repeating: true, count: rows) }
    return MaskSpec(self, rate: rate, rows: rows, units: 1).bytes().map { $0 == 1 }
  }

  /// Returns 64 random bits for each of the first `count` units of the sample of row `row` (part 1024 of the mask law).
  fileprivate func bits(_ count: Int, row: Int) -> [UInt64] {
    let sample = firstSample + sampleStride * UInt64(row)
    require(sample < 1 << 32, "Cutout: expected sample indices below 2^32, got \(sample); start a new step instead")
    return stream.bits(count, step: step, sample: UInt32(sample))
  }
}

extension DropoutVariant {
  static let cutout = DropoutVariant(
    "cutout", "zeroes a square patch of each image",
    source: "DeVries & Taylor 2017, https://arxiv.org/abs/1708.04552",
    place: .needs("images, [N, C, H, W]; the network's inputs are flat"))
}
