import MoultCore
import MoultNN
import MoultPlatform
import MoultTraining

/// A model that `moult train` left, ready to predict.
///
/// ```swift
/// let model = try TrainedModel(contentsOf: "runs/houses")
/// for house in try model.predict(rows: [["size": "84", "kind": "flat"]], passes: 100) {
///   if let price = house.number { print(price.mean, price.interval(0.9)) }
///   if let kind = house.classes { print(kind.label, kind.probabilities, kind.entropy) }
/// }
/// ```
///
/// A model is a value without mutable state: many tasks may predict with it at the same time.
public struct TrainedModel: Sendable {
  /// The description of the network.
  public let spec: ModelSpec
  /// The target: the classes, or the number, that the model predicts.
  public let target: PredictionTarget
  /// The encoding of the rows of a table; nil for a model of images or arrays.
  public let encoding: TableEncoding?
  /// The noise of a predicted number; nil for classes.
  public let noise: NoiseEstimate?
  /// The network with its trained weights.
  public let network: MLP
  /// The file of the model.
  public let path: String
  /// The metadata of the file.
  package let metadata: [String: String]
  /// Whether the file names its classes; files of old versions count them.
  package let namesClasses: Bool

  private static let tableKey = "moult.table", noiseKey = "moult.noise", targetKey = "moult.task"

  /// Loads the model of a run folder, or a model file.
  ///
  /// - Throws: `.noInput` if there is no such file, `.badData` if it does not describe a network or is damaged.
  public init(contentsOf path: String) throws(MoultError) {
    guard access(path, F_OK) == 0 else {
      throw MoultError(
        .noInput, "expected a run folder or a model file, as 'moult train' makes them; is the path right?",
        location: path,
        cause: String(cString: strerror(errno)))
    }
    try self.init(ModelFile(Self.file(in: path)))
  }

  private init(_ file: ModelFile) throws(MoultError) {
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
    try Self.check(spec, target, encoding, noise, file)
    // Layers are numbered from 0 under fresh counts, whatever else the process has built.
    network = withSeed(0) {
      let network = MLP(spec)
      network.eval()
      return network
    }
    try network.load(from: path)
  }

  private static func noise(_ text: String, _ path: String) throws(MoultError) -> NoiseEstimate {
    guard let noise = NoiseEstimate(json: text) else { throw damaged("two positive variances", path) }
    return noise
  }

  /// Throws unless the parts of the file fit each other, before a network of that size is built.
  private static func check(
    _ spec: ModelSpec, _ target: PredictionTarget, _ encoding: TableEncoding?, _ noise: NoiseEstimate?,
    _ file: ModelFile
  ) throws(MoultError) {
    let layers = spec.layers
    guard file.layers == layers else { throw damaged("the sizes of its weights", file.path) }
    if let sizes = spec.embeddings, sizes.outputSize != layers.inputSize {
      throw damaged("embeddings that fit the first layer", file.path)
    }
    let isFitting =
      target.task == .classification
      ? layers.outputSize >= target.classNames.count : layers.outputSize == 1 && noise != nil
    guard isFitting else { throw damaged("a task that fits the network", file.path) }
    guard let encoding else { return }
    let expected = EmbeddingSizes(encoding)
    guard spec.embeddings == expected, (expected?.outputSize ?? encoding.inputSize) == layers.inputSize else {
      throw damaged("an encoding that fits the network", file.path)
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

  /// The model file that the name of a run folder, or of the file itself, stands for.
  package static func file(in path: String) -> String {
    var information = stat()
    let isFolder = stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    return isFolder ? path + "/model.safetensors" : path
  }
}
