import MoultCore

/// A moment at which a run can be saved so that it goes on exactly: all callbacks were told of the epoch, or training
/// was asked to stop within one.
///
/// It is valid only while the callback that got it runs.
public struct SavePoint {
  /// Epochs that are finished.
  public let completedEpochs: Int
  /// The epoch that has just been finished, or nil within one.
  public let epoch: EpochRecord?
  /// Whether training ends here: by its plan, by a callback, or because it was asked to.
  public let isLast: Bool
  private let makeState: () -> TrainingState
  private let save: (String) throws(MoultError) -> Void

  init(
    completedEpochs: Int, epoch: EpochRecord?, isLast: Bool, makeState: @escaping () -> TrainingState,
    save: @escaping (String) throws(MoultError) -> Void
  ) {
    (self.completedEpochs, self.epoch, self.isLast) = (completedEpochs, epoch, isLast)
    (self.makeState, self.save) = (makeState, save)
  }

  /// The whole training: weights, optimizer, counts and callbacks.
  public var state: TrainingState { makeState() }

  /// Writes the model alone, as `Module.save(to:)` does.
  public func saveModel(to path: String) throws(MoultError) { try save(path) }
}
