import MoultCore

extension DropoutVariant {
  /// ``AlphaDropout`` of whole channels: `AlphaDropout(rate, sharing: .channels)`.
  static let featureAlpha = DropoutVariant(
    "feature-alpha-dropout", "alpha dropout of whole channels",
    source: "Klambauer et al. 2017, https://arxiv.org/abs/1706.02515",
    place: .needs("channels, [N, C, H, W]; use alpha-dropout in a fully connected network"),
    trial: VariantTrial(
      make: { rate, _ in AlphaDropout(rate, sharing: .channels) }, shape: [6, 5, 3, 4], isDiagonal: false,
      sharing: .channels, label: "AlphaDropout", moments: { alphaMoments($0) }, momentShape: [1 << 11, 1 << 11, 2],
      copies: 2))
}
