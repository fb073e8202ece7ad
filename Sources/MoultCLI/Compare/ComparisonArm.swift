import Moult

/// One of the training configurations that are compared.
struct ComparisonArm {
  let name: String
  /// The name of the arm's folder.
  let folder: String
  let overrides: TrainingOptions
  /// Whether this is the arm without dropout.
  let isBaseline: Bool

  /// Returns the arm without dropout: no variant, rate 0 for hidden units and inputs. Other regularization stays.
  static func without(_ overrides: TrainingOptions) -> ComparisonArm {
    var overrides = overrides
    (overrides.variant, overrides.network.dropout, overrides.network.inputDropout) = (nil, 0, 0)
    return ComparisonArm(name: "without dropout", folder: "without", overrides: overrides, isBaseline: true)
  }

  /// Returns the arm with unchanged settings.
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
    // Each variant has its own default rate.
    (overrides.variant, overrides.network.dropout) = (variant, nil)
    return ComparisonArm(name: variant.name, folder: variant.name, overrides: overrides, isBaseline: false)
  }
}
