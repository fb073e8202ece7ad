import MoultCore
import MoultNN

/// The description of a fully connected network: its layer sizes, dropout variant and rates.
///
/// `moult train` writes the description into every model file, and ``TrainedModel`` reads it.
public struct ModelSpec: Sendable {
  /// The sizes of the input, hidden and output layers.
  public var layers: LayerSizes
  /// The dropout rate after each hidden layer, or the rate of the variant, in 0...1.
  public var dropout: Double
  /// The dropout rate on the inputs, in 0...1; at 0 there is no such layer.
  public var inputDropout: Double
  /// The largest L2 norm of a hidden unit's incoming weights (max-norm); nil for no limit.
  public var maxNorm: Double?
  /// The dropout variant that replaces plain dropout; nil for plain dropout.
  public var variant: DropoutVariant?
  /// The sizes of the embeddings before the first layer, for categorical columns with many values; nil for none.
  public var embeddings: EmbeddingSizes?

  /// The dropout rate if none is chosen.
  package static let defaultDropout = 0.5

  /// Creates a description. It is not validated.
  public init(
    _ layers: LayerSizes, dropout: Double, inputDropout: Double = 0, maxNorm: Double? = nil,
    variant: DropoutVariant? = nil, embeddings: EmbeddingSizes? = nil
  ) {
    (self.layers, self.dropout, self.inputDropout) = (layers, dropout, inputDropout)
    (self.maxNorm, self.variant, self.embeddings) = (maxNorm, variant, embeddings)
  }

  /// The number of weights, biases and embedding values of the network.
  public var parameterCount: Int { layers.parameterCount + (embeddings?.parameterCount ?? 0) }

  /// The name of the dropout variant in files and messages; `dropout` for plain dropout.
  public var variantName: String { variant?.name ?? DropoutVariant.plainName }

  /// The reason why no network can be built from the description; nil if it is valid.
  package var validationError: SpecError? {
    for (key, rate) in [("dropout", dropout), ("input_dropout", inputDropout)] {
      if let text = DropoutRate.validationError(rate) { return SpecError(key: key, text: text) }
    }
    if let maxNorm, !(maxNorm > 0 && maxNorm.isFinite) {
      return SpecError(key: "max_norm", text: "expected a positive number, got \(maxNorm)")
    }
    return variant?.validationError(hiddenSizes: layers.hiddenSizes, rate: dropout, maxNorm: maxNorm)
  }
}

/// An invalid value in a ``ModelSpec``.
package struct SpecError {
  /// The key of the value in model files and `config.json`, such as `max_norm`.
  package let key: String
  /// The message: the expected values, and the value that the description has.
  package let text: String
}

/// The valid dropout rates.
package enum DropoutRate {
  /// The valid values, in words for messages.
  package static let expected = "a rate in 0...1"
  /// The meaning of a rate, in words for messages.
  package static let hint = "it is the probability of dropping"

  /// Returns whether `rate` is in 0...1; false for NaN.
  package static func isValid(_ rate: Double) -> Bool { (0...1).contains(rate) }

  /// Returns the reason why `rate` is invalid; nil if it is valid.
  package static func validationError(_ rate: Double) -> String? {
    isValid(rate) ? nil : "expected \(expected), got \(rate); \(hint)"
  }
}
