import Moult

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Saves weights, optimizer and counts between epochs, so that a long training of a study goes on to the same bits.
final class EpochCheckpoint: Callback {
  private let model: Sequential
  private let optimizer: SGD
  private let path: String
  /// What the training is; a file of another one is passed over.
  private let identity: String
  private let name: String
  private let epochs: Int
  private let interval: Double
  private let message: (String) -> Void
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  /// Seconds of training so far, those before an interruption included.
  private(set) var seconds = 0.0

  /// - Parameter interval: Seconds between two files.
  init(
    _ model: Sequential, _ optimizer: SGD, path: String, identity: String, name: String, epochs: Int, interval: Double,
    message: @escaping (String) -> Void
  ) {
    (self.model, self.optimizer, self.path, self.identity) = (model, optimizer, path, identity)
    (self.name, self.epochs, self.interval, self.message) = (name, epochs, interval, message)
    last = clock.now
  }

  private static let (modelPrefix, optimizerPrefix) = ("model/", "optimizer/")

  /// Puts weights and optimizer where the file has them, if there is one.
  ///
  /// - Returns: How far training had come.
  func restore() throws -> (epochs: Int, steps: Int)? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let (tensors, metadata) = try SafeTensors.read(path)
    guard metadata["identity"] == identity else { return nil }
    guard let epochs = metadata["epochs"].flatMap({ Int($0) }), let steps = metadata["steps"].flatMap({ Int($0) }),
      let seconds = metadata["seconds"].flatMap({ Double($0) })
    else {
      throw MoultError(.badData, "expected epochs, steps and seconds of a training; remove the file", location: path)
    }
    func part(_ prefix: String) -> [String: Tensor] {
      Dictionary(
        uniqueKeysWithValues: tensors.filter { $0.key.hasPrefix(prefix) }.map {
          (String($0.key.dropFirst(prefix.count)), $0.value)
        })
    }
    try model.load(part(Self.modelPrefix))
    try optimizer.load(part(Self.optimizerPrefix))
    self.seconds = seconds
    message("\(name): goes on after epoch \(epochs) of \(self.epochs)")
    return (epochs, steps)
  }

  func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    seconds += epoch.seconds
    guard epoch.epoch < epochs, (clock.now - last) / .seconds(1) >= interval else { return }
    var tensors: [String: Tensor] = [:]
    for (key, value) in model.stateDictionary() { tensors[Self.modelPrefix + key] = value }
    for (key, value) in optimizer.stateDictionary() { tensors[Self.optimizerPrefix + key] = value }
    try SafeTensors.write(
      tensors,
      metadata: [
        "identity": identity, "epochs": String(epoch.epoch), "steps": String(epoch.steps), "seconds": String(seconds),
      ], to: path)
    if interval >= 1 {
      let left = seconds / Double(epoch.epoch) * Double(epochs - epoch.epoch)
      message(
        "\(name): epoch \(epoch.epoch) of \(epochs), loss \(NumberFormat.fixed(epoch.trainLoss, 4)), \(NumberFormat.clock(left)) left"
      )
    }
    last = clock.now
  }
}
