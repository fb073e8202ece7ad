import Moult

/// One of the ways of training that are compared.
struct ComparisonArm {
  let name: String
  /// The name of its folder.
  let folder: String
  let overrides: TrainingOptions
  /// Whether nothing is dropped in it.
  let isBaseline: Bool

  /// The same settings with nothing dropped: no variant, no dropout, none of inputs. Other limits on the weights stay.
  static func without(_ overrides: TrainingOptions) -> ComparisonArm {
    var overrides = overrides
    (overrides.variant, overrides.network.dropout, overrides.network.inputDropout) = (nil, 0, 0)
    return ComparisonArm(name: "without dropout", folder: "without", overrides: overrides, isBaseline: true)
  }

  /// The settings as given.
  static func with(_ overrides: TrainingOptions) -> ComparisonArm {
    ComparisonArm(name: "with dropout", folder: "with", overrides: overrides, isBaseline: false)
  }

  static func rate(_ rate: Double, _ overrides: TrainingOptions) -> ComparisonArm {
    if rate == 0 { return without(overrides) }
    var overrides = overrides
    overrides.network.dropout = rate
    return ComparisonArm(name: "rate \(rate)", folder: "rate-\(rate)", overrides: overrides, isBaseline: false)
  }

  static func variant(_ variant: DropoutVariant, _ overrides: TrainingOptions) -> ComparisonArm {
    var overrides = overrides
    // Each with the rate that suits it.
    (overrides.variant, overrides.network.dropout) = (variant, nil)
    return ComparisonArm(name: variant.name, folder: variant.name, overrides: overrides, isBaseline: false)
  }
}
