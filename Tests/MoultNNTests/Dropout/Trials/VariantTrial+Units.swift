import MoultCore
import MoultNN

/// The variants that drop units by the mask law, some of which share one.
extension VariantTrial {
  static let ofUnits: [String: VariantTrial] = [
    "dropout": sharing(.elementwise, [6, 40], moments: [1 << 11, 1 << 11], copies: 1),
    "spatial-dropout-1d": channels([6, 5, 7]),
    "spatial-dropout-2d": channels([6, 5, 3, 4]),
    "spatial-dropout-3d": channels([6, 5, 2, 3, 4]),
    "batch-dropout": sharing(.batch, [6, 40], moments: [2, 1 << 22], copies: 2),
    "group-dropout": sharing(.groups(of: 4), [10, 40], moments: [1 << 10, 1 << 14], copies: 4),
    "locked-dropout": sharing(.time(axis: 1), [6, 5, 40], moments: [1 << 10, 2, 1 << 12], copies: 2),
    "shared-axes-dropout": sharing(.axes([1, -1]), [6, 5, 7, 3], moments: [1 << 10, 2, 1 << 12, 2], copies: 4),
    "alpha-dropout": VariantTrial(
      make: { rate, _ in AlphaDropout(rate) }, shape: [6, 40], isDiagonal: false, label: "AlphaDropout",
      moments: { alphaMoments($0) }),
    "feature-alpha-dropout": VariantTrial(
      make: { rate, _ in FeatureAlphaDropout(rate) }, shape: [6, 5, 3, 4], isDiagonal: false, sharing: .channels,
      label: "FeatureAlphaDropout", moments: { alphaMoments($0) }, momentShape: [1 << 11, 1 << 11, 2],
      copies: { _ in 2 }),
    "multi-sample": VariantTrial(
      make: { rate, _ in MultiSampleDropout(rate, samples: 2, ReLU()) }, shape: [6, 40], isDiagonal: false,
      label: "MultiSampleDropout", moments: { (1, $0 / (1 - $0) / 2) }),
    "zoneout": VariantTrial(
      // With the negative for the state before, units that stay change their sign.
      make: { rate, _ in FunctionalLayer { zoneout($0, previous: -$0, rate: rate, mode: $1, stream: 0) } },
      shape: [6, 40], evaluation: .ownFormula, atRateOne: .finite, label: "zoneout",
      moments: { (1 - 2 * $0, 4 * $0 * (1 - $0)) }),
    "attention-dropout": VariantTrial(
      make: { rate, _ in FunctionalLayer { attentionDropout($0, rate: rate, mode: $1, stream: 0) } },
      shape: [6, 2, 3, 5], label: "attentionDropout", moments: { (1, $0 / (1 - $0)) },
      momentShape: [1 << 7, 4, 64, 128]),
  ]

  private static func sharing(_ sharing: MaskSharing, _ shape: [Int], moments: [Int], copies: Int) -> VariantTrial {
    VariantTrial(
      make: { rate, _ in Dropout(rate, sharing: sharing) }, shape: shape, sharing: sharing, label: "Dropout",
      moments: { (1, $0 / (1 - $0)) }, momentShape: moments, copies: { _ in Double(copies) })
  }

  private static func channels(_ shape: [Int]) -> VariantTrial {
    sharing(
      .channels, shape, moments: [1 << 11, 1 << 11] + shape.dropFirst(2).map { _ in 1 }.dropLast() + [2], copies: 2)
  }

  /// Moments for an input of ones, a part `rate` of which becomes selu's least value before `a y + b`.
  private static func alphaMoments(_ rate: Double) -> Moments {
    let least = -1.7580993408473766, mean = 1 - rate + rate * least
    let variance = rate * (1 - rate) * (1 - least) * (1 - least)
    let a = 1 / (1 - rate + least * least * rate * (1 - rate)).squareRoot()
    return (a * mean - a * rate * least, a * a * variance)
  }
}
