import MoultCore
import MoultFormats
import MoultNN

/// The contents of a model file except its weights, read and validated without loading the weights.
package struct ModelDescription: Sendable {
  /// The path of the model file.
  package let path: String
  /// The metadata of the model file (safetensors `__metadata__`).
  package let metadata: [String: String]
  /// The description of the network: layer sizes, dropout variant and rates.
  package let spec: ModelSpec
  /// The target of the prediction: the names of the classes, or the name and scale of a number.
  package let target: PredictionTarget
  /// The encoding of table rows; nil for a model of images or arrays.
  package let encoding: TableEncoding?
  /// Whether the file stores the names of the classes. Files of old versions do not; the class indices are the names
  /// then.
  package let namesClasses: Bool
  /// The estimated noise of a regression; nil for a classification.
  let noise: NoiseEstimate?

  private static let tableKey = "moult.table", noiseKey = "moult.noise", targetKey = "moult.task"

  /// Reads and validates the metadata of a model file.
  ///
  /// - Throws: `.badData` if the metadata does not describe a network, or contradicts itself or the shapes of the
  ///   weights.
  package init(_ file: ModelFile) throws(MoultError) {
    (path, metadata) = (file.path, file.metadata)
    guard let spec = try file.spec else {
      throw MoultError(
        .badData, "expected a model that says how it is built, as 'moult train' writes it, got none; train it anew",
        location: path)
    }
    self.spec = spec
    encoding =
      if let text = metadata[Self.tableKey] { try TableEncoding.decode(text, location: path) } else { nil }
    noise = if let text = metadata[Self.noiseKey] { try Self.noise(text, path) } else { nil }
    if let encoding {
      (target, namesClasses) = (encoding.target, true)
    } else if let text = metadata[Self.targetKey] {
      guard let target = PredictionTarget(json: text) else { throw Self.damaged("classes or a number", path) }
      (self.target, namesClasses) = (target, true)
    } else {
      (target, namesClasses) = (PredictionTarget(classes: (0..<spec.layers.outputSize).map(String.init)), false)
    }
    try check(file.layers)
  }

  private static func noise(_ text: String, _ path: String) throws(MoultError) -> NoiseEstimate {
    guard let noise = NoiseEstimate(json: text) else { throw damaged("two positive variances", path) }
    return noise
  }

  /// Throws an error unless the parts of the file fit each other. This is checked before a network of that size is
  /// built.
  ///
  /// - Parameter weights: The layer sizes that follow from the shapes of the weights.
  private func check(_ weights: LayerSizes) throws(MoultError) {
    let layers = spec.layers
    guard weights == layers else { throw Self.damaged("the sizes of its weights", path) }
    if let sizes = spec.embeddings, sizes.outputSize != layers.inputSize {
      throw Self.damaged("embeddings that fit the first layer", path)
    }
    let isFitting =
      target.task == .classification
      ? layers.outputSize >= target.classNames.count : layers.outputSize == 1 && noise != nil
    guard isFitting else { throw Self.damaged("a task that fits the network", path) }
    guard let encoding else { return }
    let expected = EmbeddingSizes(encoding)
    guard spec.embeddings == expected, (expected?.outputSize ?? encoding.inputSize) == layers.inputSize else {
      throw Self.damaged("an encoding that fits the network", path)
    }
  }

  /// Returns the error for invalid metadata.
  package static func damaged(_ expected: String, _ path: String) -> MoultError {
    MoultError(
      .badData, "expected \(expected) in the file's metadata, got something else; it is damaged", location: path)
  }

  /// Returns the metadata that a model file needs beside its weights.
  package static func metadata(
    _ spec: ModelSpec, _ target: PredictionTarget, encoding: TableEncoding?, noise: NoiseEstimate?
  ) -> [String: String] {
    var metadata = [ModelFile.networkKey: spec.json.line, targetKey: target.json.line]
    metadata[tableKey] = encoding?.json
    metadata[noiseKey] = noise?.json.line
    return metadata
  }
}
