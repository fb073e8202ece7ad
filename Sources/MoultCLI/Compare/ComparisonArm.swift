import Moult

/// One of the ways of training that are compared.
struct ComparisonArm {
  let name: String
  /// How its folder is called.
  let folder: String
  let given: GivenSettings
  /// Whether nothing is dropped in it.
  let isBaseline: Bool

  /// The same settings with nothing dropped: no variant, no dropout, none of inputs. Other limits on the weights stay.
  static func without(_ given: GivenSettings) -> ComparisonArm {
    var given = given
    (given.variant, given.dropout, given.inputDropout) = (nil, 0, 0)
    return ComparisonArm(name: "without dropout", folder: "without", given: given, isBaseline: true)
  }

  /// The settings as they were given.
  static func with(_ given: GivenSettings) -> ComparisonArm {
    ComparisonArm(name: "with dropout", folder: "with", given: given, isBaseline: false)
  }

  static func rate(_ rate: Double, _ given: GivenSettings) -> ComparisonArm {
    if rate == 0 { return without(given) }
    var given = given
    given.dropout = rate
    return ComparisonArm(name: "rate \(rate)", folder: "rate-\(rate)", given: given, isBaseline: false)
  }

  static func variant(_ variant: DropoutVariant, _ given: GivenSettings) -> ComparisonArm {
    var given = given
    // Each with the rate that suits it.
    (given.variant, given.dropout) = (variant, nil)
    return ComparisonArm(name: variant.name, folder: variant.name, given: given, isBaseline: false)
  }
}
