import MoultCore
import MoultFormats

extension TrainingState {
  /// The metadata key of the file version, and the version that is written.
  private static let (versionKey, version) = ("moult.training_state", "1")
  private static let (modelPrefix, optimizerPrefix, callbackPrefix) = ("model/", "optimizer/", "callbacks/")
  private static let usesPrefix = "uses."
  /// The metadata key of the names of the frozen parameters, one in each line.
  private static let frozenKey = "frozen_parameters"

  /// Writes the state to a safetensors file, atomically. Tensors are named `model/...`, `optimizer/...` and
  /// `callbacks/0/...`; all other values are metadata. Equal states give equal bytes.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - identity: A name that distinguishes this training from others; `read` can check it.
  /// - Throws: An error of code `.cannotWrite` if the file cannot be written.
  public func write(to path: String, identity: String = "") throws(MoultError) {
    var tensors: [String: Tensor] = [:]
    for (key, value) in model { tensors[Self.modelPrefix + key] = value }
    for (key, value) in optimizer { tensors[Self.optimizerPrefix + key] = value }
    for (index, callback) in callbacks.enumerated() {
      for (key, value) in callback { tensors["\(Self.callbackPrefix)\(index)/\(key)"] = value }
    }
    var metadata = [
      Self.versionKey: Self.version, "identity": identity, "seed": String(seed),
      "completed_epochs": String(completedEpochs), "completed_steps": String(completedSteps),
      "learning_rate": String(learningRate), "callbacks": String(callbacks.count),
      "epoch_size": String(begunCount), "epoch_steps": String(begun.steps), "epoch_samples": String(begun.samples),
      "epoch_loss_sum": String(begun.lossSum), "epoch_correct": String(begun.accuracy.correct),
      "epoch_scored": String(begun.accuracy.total), "epoch_seconds": String(begun.seconds),
    ]
    // The weight of samples without weights is their number.
    if begun.weight != Double(begun.samples) { metadata["epoch_weight"] = String(begun.weight) }
    metadata["stop_reason"] = stopReason
    metadata[Self.frozenKey] = frozen?.sorted().joined(separator: "\n")
    for (name, count) in uses { metadata[Self.usesPrefix + name] = String(count) }
    try SafeTensors.write(tensors, metadata: metadata, to: path)
  }

  /// Returns the identity in a file that `write` has written; nil for another safetensors file.
  public static func identity(of path: String) throws(MoultError) -> String? {
    let metadata = try SafeTensors.readHeader(path).metadata
    return metadata[versionKey] == nil ? nil : metadata["identity"]
  }

  /// Reads a file that `write` has written.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - identity: The identity that the file must have; nil for any.
  /// - Throws: An error of code `.noInput` if the file cannot be read; of code `.badData` if it is not a training
  ///   state, holds invalid values, or has another identity.
  public static func read(_ path: String, identity: String? = nil) throws(MoultError) -> TrainingState {
    let (tensors, metadata) = try SafeTensors.read(path)
    func failure(_ text: String) -> MoultError { MoultError(.badData, "training state: " + text, location: path) }
    func count(_ key: String, upTo limit: Int) throws(MoultError) -> Int {
      guard let value = metadata[key].flatMap({ Int($0) }), (0...limit).contains(value) else {
        throw failure("expected \(key) from 0 to \(limit), got \(metadata[key]?.visible ?? "none")")
      }
      return value
    }
    func number(_ key: String) throws(MoultError) -> Double {
      guard let value = metadata[key].flatMap({ Double($0) }), value.isFinite else {
        throw failure("expected \(key) to be a number, got \(metadata[key]?.visible ?? "none")")
      }
      return value
    }

    guard let found = metadata[versionKey] else {
      throw failure("expected a file that a checkpoint of a training has written, got another safetensors file")
    }
    guard found == version else {
      throw failure("expected version \(version), got \(found.visible); use the version of Moult that wrote it")
    }
    let owner = metadata["identity"] ?? ""
    if let identity, identity != owner {
      throw failure(
        "expected the training \"\(identity.visible)\", got \"\(owner.visible)\"; use its settings or another file")
    }
    guard let seed = metadata["seed"].flatMap({ UInt64($0) }) else { throw failure("expected a seed, got none") }
    let learningRate = try number("learning_rate"), seconds = try number("epoch_seconds")
    guard learningRate >= 0, seconds >= 0 else { throw failure("expected no negative learning_rate or epoch_seconds") }

    // A step has 32 bits in the mask law (Documentation/MaskLaw.md).
    let steps = try count("completed_steps", upTo: Int(UInt32.max))
    let size = try count("epoch_size", upTo: .max)
    let samples = try count("epoch_samples", upTo: max(0, size - 1))
    let scored = try count("epoch_scored", upTo: samples)
    let weight = try metadata["epoch_weight"] == nil ? Double(samples) : number("epoch_weight")
    guard weight >= 0 else { throw failure("expected no negative epoch_weight") }
    let begunSteps = try count("epoch_steps", upTo: min(steps, samples))
    let begun = EpochTotals(
      steps: begunSteps, samples: samples, weight: weight, lossSum: try number("epoch_loss_sum"),
      accuracy: Accuracy(correct: try count("epoch_correct", upTo: scored), of: scored), seconds: seconds)
    let epochs = try count("completed_epochs", upTo: steps - begunSteps)

    var uses: [String: UInt32] = [:]
    for (key, text) in metadata where key.hasPrefix(usesPrefix) {
      guard let value = UInt32(text) else { throw failure("expected \(key.visible) from 0 on, got \(text.visible)") }
      uses[String(key.dropFirst(usesPrefix.count))] = value
    }
    let callbackCount = try count("callbacks", upTo: greatestCallbackCount)
    let prefixes = [modelPrefix, optimizerPrefix] + (0..<callbackCount).map { "\(callbackPrefix)\($0)/" }
    var parts = [[String: Tensor]](repeating: [:], count: prefixes.count)
    for (key, tensor) in tensors {
      guard let part = prefixes.firstIndex(where: { key.hasPrefix($0) }) else {
        throw failure("expected tensors of \(prefixes.joined(separator: ", ")), got \(key.visible)")
      }
      parts[part][String(key.dropFirst(prefixes[part].count))] = tensor
    }
    return TrainingState(
      seed: seed, completedEpochs: epochs, completedSteps: steps, stopReason: metadata["stop_reason"],
      learningRate: learningRate, begun: begun, begunCount: size, uses: uses,
      frozen: metadata[frozenKey].map { Set($0.split(separator: "\n").map(String.init)) }, model: parts[0],
      optimizer: parts[1],
      callbacks: Array(parts[2...]))
  }

  /// The maximum number of callbacks in a file. No trainer has as many; the limit bounds the work for a damaged file.
  private static let greatestCallbackCount = 1_000
}
