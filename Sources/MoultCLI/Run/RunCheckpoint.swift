import Moult

/// A callback that saves the complete state of a training at intervals and when it is interrupted, so that it can be
/// resumed exactly.
final class RunCheckpoint: Callback {
  private let path: String
  private let identity: String
  private let epochs: Int
  private let interval: Double
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant

  /// Creates the callback.
  ///
  /// - Parameters:
  ///   - path: The path of the checkpoint file.
  ///   - identity: The identity of the training (its settings and data), stored in the file.
  ///   - epochs: The number of epochs of the whole training; after the last one nothing is saved.
  ///   - interval: The shortest time between two files, in seconds: the most that a crash loses.
  init(to path: String, identity: String, epochs: Int, interval: Double = 30) {
    (self.path, self.identity, self.epochs, self.interval) = (path, identity, epochs, interval)
    last = clock.now
  }

  func onSavePoint(_ point: SavePoint) throws(MoultError) { try save(point) }

  /// Saves the state if the interval has passed or training ends early.
  ///
  /// - Returns: Whether it was saved.
  @discardableResult func save(_ point: SavePoint) throws(MoultError) -> Bool {
    guard point.completedEpochs < epochs else { return false }
    guard point.isLast || (clock.now - last) / .seconds(1) >= interval else { return false }
    try point.state.write(to: path, identity: identity)
    last = clock.now
    return true
  }
}
