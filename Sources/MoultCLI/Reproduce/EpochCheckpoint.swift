import Moult

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Saves a training of a study between epochs and when it is stopped, so that it goes on to the same bits.
final class EpochCheckpoint: StatefulCallback {
  private let path: String
  /// What the training is; a file of another one is passed over.
  private let identity: String
  private let name: String
  private let epochs: Int
  private let interval: Double
  private let message: (String) -> Void
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  /// Seconds of finished epochs so far, those before an interruption included.
  private(set) var seconds = 0.0

  /// - Parameter interval: Seconds between two files.
  init(
    path: String, identity: String, name: String, epochs: Int, interval: Double, message: @escaping (String) -> Void
  ) {
    (self.path, self.identity) = (path, identity)
    (self.name, self.epochs, self.interval, self.message) = (name, epochs, interval, message)
    last = clock.now
  }

  /// Puts the training where the file has it, if there is one.
  func restore(_ trainer: Trainer<Sequential>) throws(MoultError) {
    guard FileManager.default.fileExists(atPath: path), try TrainingState.identity(of: path) == identity else { return }
    try trainer.load(try TrainingState.read(path))
    message("\(name): goes on after epoch \(trainer.completedEpochs) of \(epochs)")
  }

  func onEpochEnd(_ epoch: EpochRecord) { seconds += epoch.seconds }

  func onSavePoint(_ point: SavePoint) throws(MoultError) {
    let done = point.completedEpochs
    guard done < epochs, point.isLast || (clock.now - last) / .seconds(1) >= interval else { return }
    try point.state.write(to: path, identity: identity)
    if let epoch = point.epoch, interval >= 1 {
      let left = seconds / Double(done) * Double(epochs - done)
      message(
        "\(name): epoch \(done) of \(epochs), loss \(NumberFormat.fixed(epoch.trainLoss, 4)), \(NumberFormat.clock(left)) left"
      )
    }
    last = clock.now
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
