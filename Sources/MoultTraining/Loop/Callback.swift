import MoultCore

/// The plan of a call of `fit`.
public struct TrainingPlan: Sendable, Equatable {
  /// The last epoch of this call, counted from 1 and over all calls of the trainer.
  public let lastEpoch: Int
  /// Epochs that this call will run.
  public let epochs: Int
  /// Steps of an epoch; the last batch may be smaller than the others.
  public let stepsPerEpoch: Int
  /// Samples of a step.
  public let batchSize: Int
  /// Number of training samples.
  public let sampleCount: Int

  package init(lastEpoch: Int, epochs: Int, stepsPerEpoch: Int, batchSize: Int, sampleCount: Int) {
    (self.lastEpoch, self.epochs, self.stepsPerEpoch) = (lastEpoch, epochs, stepsPerEpoch)
    (self.batchSize, self.sampleCount) = (batchSize, sampleCount)
  }
}

/// The state of a training after a step.
public struct StepRecord: Sendable, Equatable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// Steps taken since training began, this one included.
  public let step: Int
  /// Steps taken in this epoch, this one included.
  public let stepInEpoch: Int
  /// The step's loss.
  public let loss: Double
  /// Mean loss over the epoch's samples so far.
  public let meanLoss: Double
  /// Accuracy over the epoch's samples so far, as trained, or `nil` when the labels are not classes.
  public let meanAccuracy: Double?
  /// The learning rate of the step.
  public let learningRate: Double
  /// Samples of the epoch so far.
  public let samples: Int
}

/// An object whose hooks a trainer calls: a progress bar, a log, a rule of your own.
///
/// All hooks have empty defaults, and `stopReason` is nil. Use a class to read afterwards what a callback has
/// collected; a structure is copied into the trainer. An error thrown from a hook ends training and comes out of `fit`.
public protocol Callback {
  /// Called once before the first step.
  mutating func onTrainBegin(_ plan: TrainingPlan) throws(MoultError)
  /// Called after every step.
  mutating func onStepEnd(_ step: StepRecord) throws(MoultError)
  /// Called after every finished epoch, validation included.
  mutating func onEpochEnd(_ epoch: EpochRecord) throws(MoultError)
  /// Called when the run can be saved: after every finished epoch, once `onEpochEnd` of all callbacks was called, and
  /// when training was asked to stop within one.
  mutating func onSavePoint(_ point: SavePoint) throws(MoultError)
  /// Called once at the end, also when training was interrupted or failed: `history` then says how far it came.
  mutating func onTrainEnd(_ history: History) throws(MoultError)
  /// The reason to end training now, or `nil` to go on; read after every finished epoch. `History.stopReason` keeps it.
  var stopReason: String? { get }
}

extension Callback {
  /// Does nothing.
  public func onTrainBegin(_ plan: TrainingPlan) throws(MoultError) {}
  /// Does nothing.
  public func onStepEnd(_ step: StepRecord) throws(MoultError) {}
  /// Does nothing.
  public func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {}
  /// Does nothing.
  public func onSavePoint(_ point: SavePoint) throws(MoultError) {}
  /// Does nothing.
  public func onTrainEnd(_ history: History) throws(MoultError) {}
  /// Goes on.
  public var stopReason: String? { nil }
}
