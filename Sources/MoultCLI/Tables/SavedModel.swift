import Moult
import MoultPlatform

/// A network as its file describes it: all that is needed to predict.
struct SavedModel {
  /// The noise of a quantity around what the network says, in standardized units.
  struct Noise: Equatable {
    /// Beside the spread of passes with dropout.
    var variance: Double
    /// All of it, where dropout is off.
    var residualVariance: Double
  }

  let network: NetworkSettings
  /// How rows of a table are encoded; nil for images.
  let encoding: TableEncoding?
  /// For a quantity only.
  let noise: Noise?
  /// How the outputs are read. Files of old that do not say it have classes that are numbers.
  let task: LearningProblem.Task
  /// Whether the file names its classes.
  let namesClasses: Bool
  /// Which data the network was trained on; nil in files of old.
  let data: DataRecord?
  let path: String

  private static let networkKey = "moult.network", tableKey = "moult.table", noiseKey = "moult.noise"
  private static let taskKey = "moult.task", dataKey = "moult.data"

  /// What the file of a model says about it.
  static func metadata(
    _ settings: RunSettings, _ problem: LearningProblem, noise: Noise?
  ) throws(MoultError) -> [String: String] {
    let network = settings.network
    var embeddings = JSONOutput.null
    if let sizes = network.embeddings {
      embeddings = ["plain": .integer(sizes.plainSize), "rows": .array(sizes.rowCounts.map { .integer($0) })]
    }
    let description: JSONOutput = [
      "schema": 1, "layers": .string(network.spec.description), "variant": .string(network.variantName),
      "dropout": .number(network.dropout), "input_dropout": .number(network.inputDropout),
      "max_norm": .optional(network.maxNorm), "embeddings": embeddings,
    ]
    var metadata = [
      networkKey: description.line, taskKey: problem.task.json.line,
      dataKey: try DataRecord.json(settings, problem).line,
    ]
    if let encoding = problem.table?.encoding { metadata[tableKey] = encoding.json }
    if let noise {
      let json: JSONOutput = [
        "variance": .number(noise.variance), "residual_variance": .number(noise.residualVariance),
      ]
      metadata[noiseKey] = json.line
    }
    return metadata
  }

  /// Reads what a run folder's model, or a model file, says about itself.
  init(_ given: String) throws(MoultError) {
    guard access(given, F_OK) == 0 else {
      throw MoultError(
        .noInput, "expected a run folder or a model file, as 'moult train' makes them; is the path right?",
        location: given,
        cause: String(cString: strerror(errno)))
    }
    let path = RunFolder.modelFile(given)
    let metadata = try SafeTensors.readHeader(path).metadata
    guard let text = metadata[Self.networkKey] else {
      throw MoultError(
        .badData, "expected a model that says how it is built, as 'moult train' writes it, got none; train it anew",
        location: path)
    }
    encoding = if let text = metadata[Self.tableKey] { try TableEncoding.decode(text, location: path) } else { nil }
    noise = if let text = metadata[Self.noiseKey] { try Self.noise(text, path) } else { nil }
    network = try Self.network(text, path)
    data = if let text = metadata[Self.dataKey] { try DataRecord(text, location: path) } else { nil }
    if let encoding {
      (task, namesClasses) = (LearningProblem.Task(encoding), true)
    } else if let text = metadata[Self.taskKey] {
      guard let task = LearningProblem.Task(text) else { throw Self.damaged("classes or a quantity", path) }
      (self.task, namesClasses) = (task, true)
    } else {
      (task, namesClasses) = (.classification((0..<network.spec.outputSize).map(String.init)), false)
    }
    self.path = path
    try checkFit()
  }

  /// What is thrown for metadata that no run left.
  static func damaged(_ what: String, _ path: String) -> MoultError {
    MoultError(.badData, "expected \(what) in the file's metadata, got something else; it is damaged", location: path)
  }

  private static func noise(_ text: String, _ path: String) throws(MoultError) -> Noise {
    guard case .object(let members) = JSONValue(text), let variance = members["variance"]?.double,
      let residual = members["residual_variance"]?.double, variance > 0, residual > 0, (variance + residual).isFinite
    else { throw damaged("two positive variances", path) }
    return Noise(variance: variance, residualVariance: residual)
  }

  private static func network(_ text: String, _ path: String) throws(MoultError) -> NetworkSettings {
    guard case .object(let members) = JSONValue(text), case .string(let layers) = members["layers"],
      let spec = try? ModelSpec(layers), case .string(let name) = members["variant"],
      let dropout = members["dropout"]?.double, let inputDropout = members["input_dropout"]?.double
    else { throw damaged("a network with layers, variant and rates", path) }
    var settings = NetworkSettings(spec: spec, dropout: dropout, inputDropout: inputDropout)
    settings.maxNorm = members["max_norm"]?.double
    if name != DropoutVariant.plainName {
      guard let variant = try? DropoutVariant(named: name) else { throw damaged("a variant that there is", path) }
      settings.variant = variant
    }
    if case .object(let sizes) = members["embeddings"] {
      guard let plain = sizes["plain"]?.int, case .array(let values) = sizes["rows"] else {
        throw damaged("sizes of embeddings", path)
      }
      let rows = values.compactMap(\.int)
      guard plain >= 0, rows.count == values.count, !rows.isEmpty,
        rows.allSatisfy({ (1...TableEncoding.vocabularyLimit + 2).contains($0) })
      else { throw damaged("sizes of embeddings", path) }
      settings.embeddings = EmbeddingSizes(plainSize: plain, rowCounts: rows)
    }
    if let objection = settings.objection {
      throw MoultError(.badData, "model.\(objection.key): \(objection.text)", location: path)
    }
    return settings
  }

  /// Throws unless the parts of the file fit each other, before a network of that size is built.
  private func checkFit() throws(MoultError) {
    guard try ModelFile(path).spec == network.spec else { throw Self.damaged("the sizes of its weights", path) }
    if let sizes = network.embeddings, sizes.outputSize != network.spec.inputSize {
      throw Self.damaged("embeddings that fit the first layer", path)
    }
    let isFitting =
      switch task {
      case .classification(let names): network.spec.outputSize >= names.count
      case .regression: network.spec.outputSize == 1 && noise != nil
      }
    guard isFitting else { throw Self.damaged("a task that fits the network", path) }
    guard let encoding else { return }
    let expected = EmbeddingSizes(encoding)
    guard network.embeddings == expected,
      (expected?.outputSize ?? encoding.inputSize) == network.spec.inputSize
    else { throw Self.damaged("an encoding that fits the network", path) }
  }

  /// Builds the network and reads its weights; its masks are those of the current seed.
  func load() throws(MoultError) -> MLP {
    let model = network.makeNetwork()
    try model.load(from: path)
    model.eval()
    return model
  }
}
