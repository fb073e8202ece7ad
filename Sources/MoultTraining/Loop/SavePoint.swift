import MoultCore

/// A time at which a training can be saved so that a resumed run gives the same bits: after an epoch, when all
/// callbacks have processed it, or within an epoch when a stop was requested.
///
/// Use it only during the call of the hook that receives it.
public struct SavePoint {
  /// The number of finished epochs.
  public let completedEpochs: Int
  /// The record of the epoch that has just finished; nil within an epoch.
  public let epoch: EpochRecord?
  /// Whether training ends after this save point, as planned, by a callback or by a stop request.
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

  /// The whole training: weights, optimizer state, counts and callback states.
  public var state: TrainingState { makeState() }

  /// Writes only the model, as `Module.save(to:)` does.
  ///
  /// - Throws: The errors of `Module.save(to:)`.
  public func saveModel(to path: String) throws(MoultError) { try save(path) }
}
