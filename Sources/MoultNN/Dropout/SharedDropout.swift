import MoultCore

/// The variants of ``Dropout`` that differ in `sharing`, the elements that share a mask unit.
extension DropoutVariant {
  static let elementwise = DropoutVariant(
    "dropout", "zeroes each unit with the rate and rescales the rest",
    source: "Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html",
    place: .hidden { Dropout($0) })

  static let spatial1D = spatial("1d")
  static let spatial2D = spatial("2d")
  static let spatial3D = spatial("3d")

  static let batchShared = DropoutVariant(
    "batch-dropout", "drops the same units for all samples of a batch",
    source: "Graham et al. 2015, https://arxiv.org/abs/1502.02478",
    place: .hidden { Dropout($0, sharing: .batch) })

  static let groupShared = DropoutVariant(
    "group-dropout", "drops the same units for 32 samples in a row",
    source: "Graham et al. 2015, https://arxiv.org/abs/1502.02478",
    place: .hidden { Dropout($0, sharing: .groups(of: 32)) })

  static let locked = DropoutVariant(
    "locked-dropout", "drops the same units at every time of a sequence",
    source: "Gal & Ghahramani 2016, https://arxiv.org/abs/1512.05287", place: .needs("sequences, [N, T, D]"))

  static let sharedAxes = DropoutVariant(
    "shared-axes-dropout", "drops what lies along the axes that are named together",
    source: "Keras's noise_shape, https://keras.io/api/layers/regularization_layers/dropout",
    place: .needs("inputs with more axes than [N, D]"))

  private static func spatial(_ dimensions: String) -> DropoutVariant {
    DropoutVariant(
      "spatial-dropout-\(dimensions)", "zeroes whole channels",
      source: "Tompson et al. 2015, https://arxiv.org/abs/1411.4280",
      place: .needs("channels, \(["1d": "[N, C, L]", "2d": "[N, C, H, W]"][dimensions] ?? "[N, C, D, H, W]")"))
  }
}
