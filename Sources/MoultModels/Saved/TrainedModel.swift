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
  /// The network with its trained weights.
  public let network: MLP
  /// All that the file says beside the weights.
  package let modelDescription: ModelDescription

  /// The description of the network.
  public var spec: ModelSpec { modelDescription.spec }
  /// The target: the classes, or the number, that the model predicts.
  public var target: PredictionTarget { modelDescription.target }
  /// The encoding of the rows of a table; nil for a model of images or arrays.
  public var encoding: TableEncoding? { modelDescription.encoding }
  /// The noise of a predicted number; nil for classes.
  public var noise: NoiseEstimate? { modelDescription.noise }
  /// The file of the model.
  public var path: String { modelDescription.path }
  /// The metadata of the file.
  package var metadata: [String: String] { modelDescription.metadata }

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
    let description = try ModelDescription(file)
    modelDescription = description
    // Layers are numbered from 0 under fresh counts, whatever else the process has built.
    network = withSeed(0) {
      let network = MLP(description.spec)
      network.eval()
      return network
    }
    try network.load(from: file.path)
  }

  /// The model file that the name of a run folder, or of the file itself, stands for.
  package static func file(in path: String) -> String {
    var information = stat()
    let isFolder = stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    return isFolder ? path + "/model.safetensors" : path
  }
}
