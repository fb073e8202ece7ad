import MoultCore

/// The variants that are ``Dropout`` with elements that share a mask unit.
extension DropoutVariant {
  static let elementwise = DropoutVariant(
    "dropout", "zeroes each unit with the rate and rescales the rest",
    source: "Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html",
    place: .hidden { Dropout($0) }, trial: trial(.elementwise, [6, 40], moments: [1 << 11, 1 << 11], copies: 1))

  static let spatial1D = spatial("1d", shape: [6, 5, 7])
  static let spatial2D = spatial("2d", shape: [6, 5, 3, 4])
  static let spatial3D = spatial("3d", shape: [6, 5, 2, 3, 4])

  static let batchShared = DropoutVariant(
    "batch-dropout", "drops the same units for all samples of a batch",
    source: "Graham et al. 2015, https://arxiv.org/abs/1502.02478",
    place: .hidden { Dropout($0, sharing: .batch) },
    trial: trial(.batch, [6, 40], moments: [2, 1 << 22], copies: 2))

  static let groupShared = DropoutVariant(
    "group-dropout", "drops the same units for 32 samples in a row",
    source: "Graham et al. 2015, https://arxiv.org/abs/1502.02478",
    place: .hidden { Dropout($0, sharing: .groups(of: 32)) },
    trial: trial(.groups(of: 4), [10, 40], moments: [1 << 10, 1 << 14], copies: 4))

  static let locked = DropoutVariant(
    "locked-dropout", "drops the same units at every time of a sequence",
    source: "Gal & Ghahramani 2016, https://arxiv.org/abs/1512.05287", place: .needs("sequences, [N, T, D]"),
    trial: trial(.time(axis: 1), [6, 5, 40], moments: [1 << 10, 2, 1 << 12], copies: 2))

  static let sharedAxes = DropoutVariant(
    "shared-axes-dropout", "drops what lies along the axes that are named together",
    source: "Keras's noise_shape, https://keras.io/api/layers/regularization_layers/dropout",
    place: .needs("inputs with more axes than [N, D]"),
    trial: trial(.axes([1, -1]), [6, 5, 7, 3], moments: [1 << 10, 2, 1 << 12, 2], copies: 4))

  private static func spatial(_ dimensions: String, shape: [Int]) -> DropoutVariant {
    DropoutVariant(
      "spatial-dropout-\(dimensions)", "zeroes whole channels",
      source: "Tompson et al. 2015, https://arxiv.org/abs/1411.4280",
      place: .needs("channels, \(["1d": "[N, C, L]", "2d": "[N, C, H, W]"][dimensions] ?? "[N, C, D, H, W]")"),
      trial: trial(
        .channels, shape, moments: [1 << 11, 1 << 11] + shape.dropFirst(2).map { _ in 1 }.dropLast() + [2], copies: 2))
  }

  private static func trial(_ sharing: MaskSharing, _ shape: [Int], moments: [Int], copies: Int) -> VariantTrial {
    VariantTrial(
      make: { rate, _ in Dropout(rate, sharing: sharing) }, shape: shape, sharing: sharing, label: "Dropout",
      moments: { (1, $0 / (1 - $0)) }, momentShape: moments, copies: { _ in Double(copies) })
  }
}
