import MoultCore
import MoultNN

extension Trainer {
  func announce(_ totals: EpochTotals, loss: Double) throws(MoultError) {
    if callbacks.isEmpty { return }
    let record = StepRecord(
      epoch: completedEpochs + 1, step: completedSteps, stepInEpoch: totals.steps, loss: loss,
      meanLoss: totals.meanLoss, meanAccuracy: totals.accuracy.value, learningRate: optimizer.learningRate,
      samples: totals.samples)
    for index in callbacks.indices { try call(index) { try $0.onStepEnd(record) } }
  }

  /// Calls a hook of a callback. An error that is no `MoultError` becomes the cause of one.
  ///
  /// The hook is called on a copy, since it may read the state of the trainer, which includes the callbacks.
  func call(_ index: Int, _ hook: (inout any Callback) throws -> Void) throws(MoultError) {
    var callback = callbacks[index]
    defer { callbacks[index] = callback }
    do {
      try hook(&callback)
    } catch let error as MoultError {
      throw error
    } catch {
      throw MoultError(.failure, "the callback \(type(of: callback)) failed", cause: "\(error)")
    }
  }

  func announceSavePoint(
    after epoch: EpochRecord?, of plan: TrainingPlan, _ history: History
  ) throws(MoultError) {
    let isLast = completedEpochs == plan.lastEpoch || history.interrupted != nil || history.stopReason != nil
    let point = SavePoint(
      completedEpochs: completedEpochs, epoch: epoch, isLast: isLast,
      makeState: { self.state(stopReason: history.stopReason) },
      save: { path throws(MoultError) in try self.model.save(to: path) })
    for index in callbacks.indices { try call(index) { try $0.onSavePoint(point) } }
  }
}
