import MoultCore
import MoultNN

extension DropoutVariant {
  /// How the suite over all variants tries this one out; nil for objectives, which take a model and labels.
  var trial: VariantTrial? { Self.trials[name] }

  private static let trials = VariantTrial.ofUnits.merging(VariantTrial.ofShapes) { $1 }.merging(VariantTrial.ofNoise) {
    $1
  }
  .merging(VariantTrial.ofWeights) { $1 }
}
