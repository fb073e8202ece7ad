import Moult

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Saves the state of a study's training at intervals, with the time that it has taken, and restores it.
final class EpochCheckpoint: StatefulCallback {
  private let path: String
  /// The identity of the training; a checkpoint with another identity is ignored.
  private let identity: String
  private let name: String
  private let epochs: Int
  private let interval: Double
  private let message: (String) -> Void
  private let checkpoint: RunCheckpoint
  /// The time of all finished epochs in seconds, with those before an interruption.
  private(set) var seconds = 0.0

  /// Creates a checkpoint.
  ///
  /// - Parameters:
  ///   - path: The path of the checkpoint file.
  ///   - identity: The identity of the training, stored in the file.
  ///   - name: The name of the training in messages.
  ///   - epochs: The number of epochs of the whole training.
  ///   - interval: The shortest time between two files, in seconds.
  ///   - message: Called with messages about the progress.
  init(
    path: String, identity: String, name: String, epochs: Int, interval: Double, message: @escaping (String) -> Void
  ) {
    (self.path, self.identity) = (path, identity)
    (self.name, self.epochs, self.interval, self.message) = (name, epochs, interval, message)
    checkpoint = RunCheckpoint(to: path, identity: identity, epochs: epochs, interval: interval)
  }

  /// Restores the training from the file, if there is one with the same identity.
  func restore(_ trainer: Trainer<Sequential>) throws(MoultError) {
    guard FileManager.default.fileExists(atPath: path), try TrainingState.identity(of: path) == identity else { return }
    try trainer.load(try TrainingState.read(path))
    message("\(name): goes on after epoch \(trainer.completedEpochs) of \(epochs)")
  }

  func onEpochEnd(_ epoch: EpochRecord) { seconds += epoch.seconds }

  func onSavePoint(_ point: SavePoint) throws(MoultError) {
    let done = point.completedEpochs
    guard try checkpoint.save(point) else { return }
    if let epoch = point.epoch, interval >= 1 {
      let left = seconds / Double(done) * Double(epochs - done)
      message(
        "\(name): epoch \(done) of \(epochs), loss \(NumberFormat.fixed(epoch.trainLoss, 4)), \(NumberFormat.clock(left)) left"
      )
    }
  }

  func stateDictionary() -> [String: Tensor] { [Self.secondsKey: Tensor([seconds], shape: [])] }

  func load(_ state: [String: Tensor]) throws(MoultError) {
    guard state.count == 1, let value = state[Self.secondsKey], value.shape.isEmpty, value.dtype == .float64 else {
      throw MoultError(.badData, "expected the seconds of a training, got \(state.keys.sorted()); remove the file")
    }
    seconds = value.item(as: Double.self)
  }

  private static let secondsKey = "seconds"
}
