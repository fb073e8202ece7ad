import MoultCore
import MoultNN
import MoultPlatform
import MoultTraining

/// A trained model that was saved by `moult train`, loaded for prediction.
///
/// ```swift
/// let model = try TrainedModel(contentsOf: "runs/houses")
/// for house in try model.predict(rows: [["size": 84, "kind": "flat"]], passes: 100) {
///   if let price = house.number { print(price.mean, price.interval(0.9)) }
///   if let kind = house.classes { print(kind.label, kind.probabilities, kind.entropy) }
/// }
/// ```
///
/// The model has no mutable state: several tasks can predict with it at the same time. `predict` computes on the
/// calling thread; use a ``Predictor`` in tasks that must not block, as in a server.
public struct TrainedModel: Sendable {
  /// The network with its trained weights, in evaluation mode.
  public let network: MLP
  /// The contents of the model file except the weights.
  package let modelDescription: ModelDescription
  /// The encoder of rows in memory; nil for a model of images or arrays.
  let rowEncoder: RowEncoder?

  /// The description of the network: layer sizes, dropout variant and rates.
  public var spec: ModelSpec { modelDescription.spec }
  /// The target of the prediction: the names of the classes, or the name and scale of a number.
  public var target: PredictionTarget { modelDescription.target }
  /// The encoding of table rows; nil for a model of images or arrays.
  public var encoding: TableEncoding? { modelDescription.encoding }
  /// The estimated noise of a regression; nil for a classification.
  public var noise: NoiseEstimate? { modelDescription.noise }
  /// The path of the model file.
  public var path: String { modelDescription.path }
  /// The metadata of the model file.
  package var metadata: [String: String] { modelDescription.metadata }

  /// Loads the model of a run folder (its file `model.safetensors`), or a model file.
  ///
  /// - Throws: `.noInput` if there is no such file, `.badData` if the file is damaged or does not describe a network.
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
    let description = try ModelDescription(file)
    modelDescription = description
    rowEncoder = description.encoding.map { RowEncoder($0) }
    // `withSeed` starts a new count of layers, so that their numbers, and with them the masks, do not depend on other
    // networks in the process.
    network = withSeed(0) {
      let network = MLP(description.spec)
      network.eval()
      return network
    }
    try network.load(from: file.path)
  }

  /// Returns the path of the model file: `path` itself, or `model.safetensors` in it if it is a folder.
  package static func file(in path: String) -> String {
    var information = stat()
    let isFolder = stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    return isFolder ? path + "/model.safetensors" : path
  }
}
