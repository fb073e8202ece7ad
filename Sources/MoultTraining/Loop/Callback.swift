import MoultCore

/// The extent of a call of `fit`, passed to callbacks at its start.
public struct TrainingPlan: Sendable, Equatable {
  /// The number of the last epoch of this call, counted from 1 over all calls of `fit`.
  public let lastEpoch: Int
  /// The number of epochs of this call.
  public let epochs: Int
  /// The number of steps per epoch; the last batch may be smaller than the others.
  public let stepsPerEpoch: Int
  /// The number of samples per step.
  public let batchSize: Int
  /// The number of training samples.
  public let sampleCount: Int

  package init(lastEpoch: Int, epochs: Int, stepsPerEpoch: Int, batchSize: Int, sampleCount: Int) {
    (self.lastEpoch, self.epochs, self.stepsPerEpoch) = (lastEpoch, epochs, stepsPerEpoch)
    (self.batchSize, self.sampleCount) = (batchSize, sampleCount)
  }
}

/// The metrics of one training step.
public struct StepRecord: Sendable, Equatable {
  /// The current epoch, counted from 1.
  public let epoch: Int
  /// The number of steps since training began, including this one.
  public let step: Int
  /// The number of steps in this epoch, including this one.
  public let stepInEpoch: Int
  /// The loss of the batch, computed before the update.
  public let loss: Double
  /// The mean loss over the samples of the epoch so far.
  public let meanLoss: Double
  /// The accuracy over the samples of the epoch so far, in training mode; nil if the labels are not classes, or if the
  /// trainer has an `objective`.
  public let meanAccuracy: Double?
  /// The learning rate of the step.
  public let learningRate: Double
  /// The number of samples of the epoch so far.
  public let samples: Int
}

/// An object with hooks that a trainer calls during training, such as a progress bar or a log.
///
/// All hooks have empty default implementations, and `stopReason` is nil by default. So a method whose name or
/// parameter does not match is never called; the closure forms, such as `.onEpochEnd { print($0.trainLoss) }`, cannot
/// be misspelt (``ClosureCallback``). Use a class to read data from a callback after training, since a struct is copied
/// into the trainer.
///
/// An error thrown by a hook ends training and is thrown by `fit`: a `MoultError` as it is, any other error as the
/// cause of a `MoultError` of code `.failure`.
public protocol Callback {
  /// Called once at the start of `fit`, before the first step.
  mutating func onTrainBegin(_ plan: TrainingPlan) throws
  /// Called after every step.
  mutating func onStepEnd(_ step: StepRecord) throws
  /// Called after every finished epoch and its validation.
  mutating func onEpochEnd(_ epoch: EpochRecord) throws
  /// Called when the training can be saved: after every finished epoch, when all callbacks have got `onEpochEnd`, and
  /// when a stop was requested within an epoch.
  mutating func onSavePoint(_ point: SavePoint) throws
  /// Called once at the end of `fit`, even if training was interrupted or failed; `history` holds the epochs until
  /// then.
  mutating func onTrainEnd(_ history: History) throws
  /// The reason to end training; nil to continue. It is read after every finished epoch and stored in
  /// `History.stopReason`.
  var stopReason: String? { get }
}

extension Callback {
  /// Does nothing.
  public func onTrainBegin(_ plan: TrainingPlan) throws {}
  /// Does nothing.
  public func onStepEnd(_ step: StepRecord) throws {}
  /// Does nothing.
  public func onEpochEnd(_ epoch: EpochRecord) throws {}
  /// Does nothing.
  public func onSavePoint(_ point: SavePoint) throws {}
  /// Does nothing.
  public func onTrainEnd(_ history: History) throws {}
  /// Returns nil, so training continues.
  public var stopReason: String? { nil }
}
