import Moult

/// What a network of the tool is built from, as options or the `config.json` of a run give it.
struct NetworkSettings {
  var spec: ModelSpec
  var dropout: Double
  var inputDropout: Double
  var maxNorm: Double?
  var variant: DropoutVariant?
  /// What comes before the first layer where a table has categories of many values.
  var embeddings: EmbeddingSizes?

  /// Weights and biases together.
  var parameterCount: Int { spec.parameterCount + (embeddings?.parameterCount ?? 0) }

  /// How files and messages call the variant.
  var variantName: String { variant?.name ?? DropoutVariant.plainName }

  /// Why no network can be built from them: the option, and what was expected of it; nil if one can.
  var objection: SettingObjection? {
    for (option, rate) in [("dropout", dropout), ("input-dropout", inputDropout)] where !(0...1).contains(rate) {
      return SettingObjection(
        option: option, text: "expected a rate in 0...1, got \(rate); it is the probability of dropping")
    }
    if let maxNorm, !(maxNorm > 0 && maxNorm.isFinite) {
      return SettingObjection(option: "max-norm", text: "expected a positive number, got \(maxNorm)")
    }
    return variant?.objection(hiddenSizes: spec.hiddenSizes, rate: dropout, maxNorm: maxNorm)
  }

  /// The network. There must be no objection.
  func makeNetwork() -> MLP {
    MLP(spec, dropout: dropout, inputDropout: inputDropout, maxNorm: maxNorm, variant: variant, embeddings: embeddings)
  }
}

/// A setting that will not do.
struct SettingObjection {
  /// The setting as its option is called.
  let option: String
  /// What was expected, and what came.
  let text: String

  /// The setting as `config.json` calls it.
  var key: String { String(option.map { $0 == "-" ? "_" : $0 }) }
}
