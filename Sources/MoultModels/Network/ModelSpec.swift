import MoultCore
import MoultNN

/// The description of a fully connected network: its sizes, its variant of dropout and its rates.
///
/// `moult train` writes it into every model file, and ``TrainedModel`` reads it back.
public struct ModelSpec: Sendable {
  /// Inputs, hidden layers and outputs.
  public var layers: LayerSizes
  /// The rate of dropout after each hidden layer, or the rate that the variant is made with.
  public var dropout: Double
  /// The rate of dropout on the inputs; at 0 there is no such layer.
  public var inputDropout: Double
  /// The largest L2 norm of a hidden unit's incoming weights; nil for no limit.
  public var maxNorm: Double?
  /// The variant that replaces plain dropout; nil for plain dropout.
  public var variant: DropoutVariant?
  /// The embeddings before the first layer, where a table has categories of many values.
  public var embeddings: EmbeddingSizes?

  /// The rate of dropout where no other is chosen.
  package static let defaultDropout = 0.5

  /// Describes a network.
  public init(
    _ layers: LayerSizes, dropout: Double, inputDropout: Double = 0, maxNorm: Double? = nil,
    variant: DropoutVariant? = nil, embeddings: EmbeddingSizes? = nil
  ) {
    (self.layers, self.dropout, self.inputDropout) = (layers, dropout, inputDropout)
    (self.maxNorm, self.variant, self.embeddings) = (maxNorm, variant, embeddings)
  }

  /// The number of weights, biases and embedded values.
  public var parameterCount: Int { layers.parameterCount + (embeddings?.parameterCount ?? 0) }

  /// The name of the variant in files and messages; `dropout` for plain dropout.
  public var variantName: String { variant?.name ?? DropoutVariant.plainName }

  /// Why no network can be built from the description; nil if one can.
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

/// A part of a ``ModelSpec`` that no network can have.
package struct SpecError {
  /// The part as files name it: `max_norm`.
  package let key: String
  /// The expected value, and the one that the description has.
  package let text: String
}

/// The limits of a rate of dropout.
package enum DropoutRate {
  /// The accepted values in words.
  package static let expected = "a rate in 0...1"
  /// The meaning of a rate, for messages.
  package static let hint = "it is the probability of dropping"

  /// Whether a rate is a probability; false for NaN.
  package static func isValid(_ rate: Double) -> Bool { (0...1).contains(rate) }

  /// Why a number is no rate; nil if it is one.
  package static func validationError(_ rate: Double) -> String? {
    isValid(rate) ? nil : "expected \(expected), got \(rate); \(hint)"
  }
}
