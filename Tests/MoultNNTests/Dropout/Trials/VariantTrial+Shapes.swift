import MoultCore
import MoultNN

/// The variants that drop patches, blocks, samples of a branch and whole layers.
extension VariantTrial {
  static let ofShapes: [String: VariantTrial] = [
    "cutout": VariantTrial(
      make: { rate, _ in Cutout(size: 3, rate: rate) }, shape: [8, 2, 5, 6], sharing: nil, atRateOne: .finite,
      label: "Cutout", moments: { cutMoments($0) }, momentShape: [1 << 16, 1, 8, 8], copies: { cutCopies($0) }),
    "drop-block": VariantTrial(
      make: { rate, _ in DropBlock(rate, blockSize: 3) }, shape: [8, 2, 6, 6], sharing: nil, label: "DropBlock",
      moments: { blockMoments($0) }, momentShape: [4, 1, 1 << 10, 1 << 10], copies: { _ in 9 }),
    "drop-path": VariantTrial(
      make: { rate, _ in DropPath(rate) }, shape: [40, 3], sharing: .axes([1]), label: "DropPath",
      moments: { (1, $0 / (1 - $0)) }, momentShape: [1 << 18, 16], copies: { _ in 16 }),
    "layer-drop": VariantTrial(
      // Layers that multiply by powers of two of which no two products agree, so that the result shows which were
      // skipped.
      make: { rate, _ in
        Sequential(
          [2, 0.25, 16, 0x1p-8, 0x1p16].map { scale in LayerDrop(rate, FunctionalLayer { x, _ in x * scale }) })
      },
      shape: [6, 40], sharing: .axes([0, 1]), evaluation: .rateZero, atRateOne: .finite, label: "LayerDrop"),
  ]

  /// Moments of an element of ones `[N, C, 8, 8]`, over all places, with patches of 3 x 3: of the 24 places a line
  /// along an axis can cover, 2 lie outside.
  private static func cutMoments(_ rate: Double) -> Moments {
    let covered = 22.0 / 64, mean = 1 - rate * covered * covered
    return (mean, mean * (1 - mean))
  }

  /// A line's part of the patch is 3 pixels long, or 2 around 2 of the 8 places: 22/8 on average, and 62/8 its square.
  /// The area varies with both axes and with whether there is a patch; its variance is that of the mean of 64 elements
  /// times 64².
  private static func cutCopies(_ rate: Double) -> Double {
    let area = rate * (22.0 / 8) * (22.0 / 8), square = rate * (62.0 / 8) * (62.0 / 8)
    return (square - area * area) / 64 / cutMoments(rate).variance
  }

  /// Moments of ones `[N, 1, 1024, 1024]` with blocks of 3 x 3. The mean is 1, since each sample is rescaled by what is
  /// left of it. A unit is kept if none of the seeds whose blocks hold it is dropped: 3 along an axis, 2 and 1 near the
  /// ends. In maps of this size the share that is left is about its mean, so that the mean square is 1 / mean, to 1e-5.
  private static func blockMoments(_ rate: Double) -> Moments {
    let (size, block) = (1024, 3)
    let seeds = size - block + 1
    let seedRate = rate * Double(size * size) / Double(block * block * seeds * seeds)
    let holding = (0..<size).map { min($0 + 1, block, size - $0) }
    let lines = (1...block).map { count in Double(holding.count { $0 == count }) / Double(size) }
    var share = 0.0
    for rows in 1...block {
      for columns in 1...block {
        let kept = (0..<rows * columns).reduce(1.0) { kept, _ in kept * (1 - seedRate) }
        share += lines[rows - 1] * lines[columns - 1] * kept
      }
    }
    return (1, 1 / share - 1)
  }
}
