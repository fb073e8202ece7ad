import Moult

/// Saves a run's whole state now and then, and when it is interrupted, so that it goes on exactly.
final class RunCheckpoint: Callback {
  /// Seconds between two files: a crash costs no more than that.
  private static let interval = 30.0

  private let path: String
  /// What the training is: all samples go into it, so that only a run which is saved pays for it.
  private var identity: String?
  private let makeIdentity: () throws(MoultError) -> String
  private let epochs: Int
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant

  /// - Parameters:
  ///   - path: Where the file goes.
  ///   - identity: What the training is.
  ///   - epochs: Epochs of the whole run; there is nothing to go on with after them.
  init(to path: String, identity: @escaping () throws(MoultError) -> String, epochs: Int) {
    (self.path, makeIdentity, self.epochs) = (path, identity, epochs)
    last = clock.now
  }

  func onSavePoint(_ point: SavePoint) throws(MoultError) {
    guard point.completedEpochs < epochs else { return }
    guard point.isLast || (clock.now - last) / .seconds(1) >= Self.interval else { return }
    let identity = if let identity { identity } else { try makeIdentity() }
    self.identity = identity
    try point.state.write(to: path, identity: identity)
    last = clock.now
  }
}
