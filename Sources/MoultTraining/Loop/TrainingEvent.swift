/// What happens during a training, as ``Trainer/training(_:validation:epochs:batchSize:)`` reports it.
public enum TrainingEvent: Sendable, Equatable {
  /// The training begins.
  case begin(TrainingPlan)
  /// A step has ended.
  case step(StepRecord)
  /// An epoch and its validation have ended.
  case epoch(EpochRecord)
  /// The training has ended, as planned, early or by an error, which is then thrown.
  case end(History)
}

/// A callback that passes on the events of a training.
struct EventRelay: Callback {
  let send: (TrainingEvent) -> Void

  func onTrainBegin(_ plan: TrainingPlan) { send(.begin(plan)) }
  func onStepEnd(_ step: StepRecord) { send(.step(step)) }
  func onEpochEnd(_ epoch: EpochRecord) { send(.epoch(epoch)) }
  func onTrainEnd(_ history: History) { send(.end(history)) }
}
