import MoultCore
import MoultFormats
import MoultNN

extension ModelSpec {
  /// The description as JSON, as it is stored in a model file.
  var json: JSONOutput {
    var sizes = JSONOutput.null
    if let embeddings {
      sizes = ["plain": .integer(embeddings.plainSize), "rows": .array(embeddings.rowCounts.map { .integer($0) })]
    }
    return [
      "schema": 1, "layers": .string(layers.description), "variant": .string(variantName),
      "dropout": .number(dropout), "input_dropout": .number(inputDropout), "max_norm": .optional(maxNorm),
      "embeddings": sizes,
    ]
  }

  /// Creates a description from the text of ``json``.
  ///
  /// - Parameters:
  ///   - text: The JSON text.
  ///   - location: The file that the text comes from, for messages.
  /// - Throws: `.badData` if the text does not describe a valid network.
  init(json text: String, location: String) throws(MoultError) {
    guard case .object(let members) = JSONValue(text), case .string(let layers) = members["layers"],
      let sizes = try? LayerSizes(layers), case .string(let name) = members["variant"],
      let dropout = members["dropout"]?.double, let inputDropout = members["input_dropout"]?.double
    else { throw ModelDescription.damaged("a network with layers, variant and rates", location) }
    self.init(sizes, dropout: dropout, inputDropout: inputDropout, maxNorm: members["max_norm"]?.double)
    variant = try Self.variant(named: name, location: location)
    if case .object(let sizes) = members["embeddings"] {
      guard let embeddings = EmbeddingSizes(members: sizes) else {
        throw ModelDescription.damaged("sizes of embeddings", location)
      }
      self.embeddings = embeddings
    }
    if let error = validationError {
      throw MoultError(.badData, "model.\(error.key): \(error.text)", location: location)
    }
  }

  private static func variant(named name: String, location: String) throws(MoultError) -> DropoutVariant? {
    if name == DropoutVariant.plainName { return nil }
    guard let variant = DropoutVariant.all.first(where: { $0.name == name }) else {
      throw ModelDescription.damaged("a variant that there is", location)
    }
    return variant
  }
}

extension EmbeddingSizes {
  /// Creates sizes from the member `embeddings` of ``ModelSpec/json``; nil if it is invalid.
  fileprivate init?(members: [String: JSONValue]) {
    guard let plain = members["plain"]?.int, case .array(let values) = members["rows"] else { return nil }
    let rows = values.compactMap(\.int)
    guard plain >= 0, rows.count == values.count, !rows.isEmpty,
      rows.allSatisfy({ (1...TableEncoding.vocabularyLimit + 2).contains($0) })
    else { return nil }
    self.init(plainSize: plain, rowCounts: rows)
  }
}
