import MoultCore
import MoultFormats
import MoultNN

/// All that a model file says beside its weights, read and checked without them.
package struct ModelDescription: Sendable {
  /// The path of the file.
  package let path: String
  /// The metadata of the file.
  package let metadata: [String: String]
  /// The description of the network.
  package let spec: ModelSpec
  /// The target: the classes, or the number, that the model predicts.
  package let target: PredictionTarget
  /// The encoding of the rows of a table; nil for a model of images or arrays.
  package let encoding: TableEncoding?
  /// Whether the file names its classes; files of old versions count them.
  package let namesClasses: Bool
  /// The noise of a predicted number; nil for classes.
  let noise: NoiseEstimate?

  private static let tableKey = "moult.table", noiseKey = "moult.noise", targetKey = "moult.task"

  /// Reads the metadata of a file.
  ///
  /// - Throws: `.badData` if it does not describe a network, or if its parts do not fit each other and the weights.
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

  /// Throws unless the parts of the file fit each other, before a network of that size is built.
  ///
  /// - Parameter weights: The sizes of the network by the shapes of its weights.
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

  /// The error for metadata that no run writes.
  package static func damaged(_ expected: String, _ path: String) -> MoultError {
    MoultError(
      .badData, "expected \(expected) in the file's metadata, got something else; it is damaged", location: path)
  }

  /// The metadata of a model file.
  package static func metadata(
    _ spec: ModelSpec, _ target: PredictionTarget, encoding: TableEncoding?, noise: NoiseEstimate?
  ) -> [String: String] {
    var metadata = [ModelFile.networkKey: spec.json.line, targetKey: target.json.line]
    metadata[tableKey] = encoding?.json
    metadata[noiseKey] = noise?.json.line
    return metadata
  }
}
