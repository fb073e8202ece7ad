import MoultCore

/// A callback made from a closure for one hook, with the name of the hook:
///
/// ```swift
/// let trainer = Trainer(
///   model, optimizer: optimizer, loss: crossEntropy, seed: 1,
///   callbacks: [.onEpochEnd { epoch in print(epoch.epoch, epoch.trainLoss) }])
/// ```
///
/// A misspelt name does not compile, while a misspelt method of a ``Callback`` is never called. An error thrown by the
/// closure ends training and is thrown by `fit`.
public struct ClosureCallback: Callback {
  fileprivate var trainBegin: ((TrainingPlan) throws -> Void)?
  fileprivate var stepEnd: ((StepRecord) throws -> Void)?
  fileprivate var epochEnd: ((EpochRecord) throws -> Void)?
  fileprivate var savePoint: ((SavePoint) throws -> Void)?
  fileprivate var trainEnd: ((History) throws -> Void)?

  /// Calls the closure, if it is one for this hook.
  public func onTrainBegin(_ plan: TrainingPlan) throws { try trainBegin?(plan) }
  /// Calls the closure, if it is one for this hook.
  public func onStepEnd(_ step: StepRecord) throws { try stepEnd?(step) }
  /// Calls the closure, if it is one for this hook.
  public func onEpochEnd(_ epoch: EpochRecord) throws { try epochEnd?(epoch) }
  /// Calls the closure, if it is one for this hook.
  public func onSavePoint(_ point: SavePoint) throws { try savePoint?(point) }
  /// Calls the closure, if it is one for this hook.
  public func onTrainEnd(_ history: History) throws { try trainEnd?(history) }
}

extension Callback where Self == ClosureCallback {
  /// Calls `body` once at the start of `fit`, before the first step.
  public static func onTrainBegin(_ body: @escaping (TrainingPlan) throws -> Void) -> ClosureCallback {
    ClosureCallback(trainBegin: body)
  }

  /// Calls `body` after every step.
  public static func onStepEnd(_ body: @escaping (StepRecord) throws -> Void) -> ClosureCallback {
    ClosureCallback(stepEnd: body)
  }

  /// Calls `body` after every finished epoch and its validation.
  public static func onEpochEnd(_ body: @escaping (EpochRecord) throws -> Void) -> ClosureCallback {
    ClosureCallback(epochEnd: body)
  }

  /// Calls `body` when the training can be saved.
  public static func onSavePoint(_ body: @escaping (SavePoint) throws -> Void) -> ClosureCallback {
    ClosureCallback(savePoint: body)
  }

  /// Calls `body` once at the end of `fit`, even if training was interrupted or failed.
  public static func onTrainEnd(_ body: @escaping (History) throws -> Void) -> ClosureCallback {
    ClosureCallback(trainEnd: body)
  }
}
