import MoultCore
import MoultFormats
import MoultNN

/// Names, default rates and checks of the dropout variants in fully connected networks.
extension DropoutVariant {
  /// The name of plain dropout (Srivastava et al. 2014), the default variant.
  package static let plainName = "dropout"

  /// Finds the variant with the name `name` in `DropoutVariant.all`.
  ///
  /// - Throws: `.usage` for an unknown name; the message suggests similar names.
  public init(named name: String) throws(MoultError) {
    if let variant = Self.all.first(where: { $0.name == name }) {
      self = variant
      return
    }
    throw MoultError(
      .usage,
      "expected the name of a variant, got '\(name.visible)'; "
        + nearHint(name, among: Self.all.map(\.name)) + "DropoutVariant.all has all")
  }

  /// The default rates of the variants that train badly with a rate of ``ModelSpec/defaultDropout``, by name.
  private static let defaultRates = ["alpha-dropout": 0.1, "batch-dropout": 0.2, "gaussian-noise": 0.3]

  /// The rate that the variant has if none is chosen, in 0...1.
  public var defaultRate: Double { Self.defaultRates[name] ?? ModelSpec.defaultDropout }

  /// Returns whether the variant can be used in a fully connected network with these hidden layers. The text `why`
  /// describes its place in the network, or what the network lacks.
  package func applies(hiddenSizes: some Collection<Int>) -> (applies: Bool, why: String) {
    switch place {
    case .hidden where hiddenSizes.isEmpty, .layer where hiddenSizes.isEmpty: (false, "needs a hidden layer")
    case .hidden: (true, "after each hidden layer's ReLU")
    case .layer: (true, "in the place of each hidden layer")
    case .loss: (true, "as the loss, with dropout after each hidden layer's ReLU")
    case .needs(let text): (false, "needs \(text)")
    }
  }

  /// Returns the reason why no network can be built with the variant; nil if one can be built.
  ///
  /// - Parameters:
  ///   - hiddenSizes: The number of units of each hidden layer.
  ///   - rate: The rate of the variant; nil for its default rate.
  ///   - maxNorm: The max-norm limit of the hidden layers; nil for no limit.
  package func validationError(
    hiddenSizes: some Collection<Int>, rate: Double?, maxNorm: Double?
  ) -> SpecError? {
    let (applies, why) = applies(hiddenSizes: hiddenSizes)
    if !applies {
      return SpecError(
        key: "variant", text: "expected one that applies to the network, got \(name), which \(why)")
    }
    // Some variants are undefined at rate 1, and the others are of no use there.
    if let rate, rate >= 1, name != Self.plainName {
      return SpecError(key: "dropout", text: "expected a rate below 1 with the variant \(name), got \(rate)")
    }
    if let rate, rate <= 0, isRateLearned {
      return SpecError(
        key: "dropout",
        text:
          "expected a rate above 0 with the variant \(name), got \(rate); the rate is learned, and learning cannot "
          + "begin at 0; leave the variant out to drop nothing")
    }
    if case .layer = place, maxNorm != nil {
      return SpecError(
        key: "max_norm", text: "expected without the variant \(name), whose layers have no such limit")
    }
    return nil
  }
}
