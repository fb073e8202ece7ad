import ArgumentParser
import Moult

/// A variant of dropout as `train` takes it.
extension DropoutVariant {
  /// The name of the variant that `train` uses unless told otherwise.
  static let plainName = "dropout"

  /// The variant called `name`; what it throws lists those with names like it.
  init(named name: String) throws {
    if let variant = Self.all.first(where: { $0.name == name }) {
      self = variant
      return
    }
    throw ValidationError(
      "expected the name of a variant, got '\(name.visible)'; "
        + nearHint(name, among: Self.all.map(\.name)) + "moult train --list-variants shows all")
  }

  /// Rates that a variant does well with where 0.5 is not such a one.
  private static let usualRates = ["alpha-dropout": 0.1, "batch-dropout": 0.2, "gaussian-noise": 0.3]
  private static let usualRate = 0.5

  /// What the variant is made with unless `--dropout` says otherwise.
  var defaultRate: Double { Self.usualRates[name] ?? Self.usualRate }

  /// Whether the variant can enter a fully connected network with these hidden layers, and where, or what it lacks.
  func applies(hiddenSizes: some Collection<Int>) -> (applies: Bool, why: String) {
    switch place {
    case .hidden where hiddenSizes.isEmpty, .layer where hiddenSizes.isEmpty: (false, "needs a hidden layer")
    case .hidden: (true, "behind each hidden layer's rectifier")
    case .layer: (true, "in the place of each hidden layer")
    case .loss: (true, "as the loss, with dropout behind each hidden layer's rectifier")
    case .needs(let text): (false, "needs \(text)")
    }
  }

  /// Why a network cannot be made with the variant: the option, and what was expected of it; nil if one can.
  ///
  /// - Parameter rate: What it is made with; nil for its default.
  func objection(
    hiddenSizes: some Collection<Int>, rate: Double?, maxNorm: Double?
  ) -> SettingObjection? {
    let (applies, why) = applies(hiddenSizes: hiddenSizes)
    if !applies {
      return SettingObjection(
        option: "variant",
        text: "expected one that applies to the network, got \(name), which \(why); --list-variants shows which do")
    }
    // Some variants have no meaning at 1, and none is of use there.
    if let rate, rate >= 1, name != Self.plainName {
      return SettingObjection(option: "dropout", text: "expected a rate below 1 with --variant \(name), got \(rate)")
    }
    if let rate, rate <= 0, isRateLearned {
      return SettingObjection(
        option: "dropout",
        text:
          "expected a rate above 0 with --variant \(name), got \(rate); the rate is learned, and learning cannot begin at "
          + "0; leave --variant out to drop nothing")
    }
    if case .layer = place, maxNorm != nil {
      return SettingObjection(
        option: "max-norm", text: "expected without --variant \(name), whose layers have no such limit")
    }
    return nil
  }
}
