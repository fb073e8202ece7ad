import MoultCore
import MoultNN
import Synchronization

extension Trainer {
  /// Trains the model as `fit` does, on a thread of its own. The caller's task is suspended until the end; its actor
  /// and the threads of the concurrency runtime are free for other work.
  ///
  /// ```swift
  /// @MainActor func train(_ trainer: Trainer<Sequential>, _ data: TensorDataset) async throws {
  ///   let history = try await trainer.fitInBackground(data, epochs: 20, batchSize: 100)
  ///   print(history.interrupted == nil ? "done" : "cancelled")
  /// }
  /// ```
  ///
  /// Cancelling the task ends the training after its step, with a save point, as a ``StopSignal`` does, and the history
  /// so far is returned. Task-local values, such as those of `withThreads`, hold on the new thread too.
  ///
  /// The loss and the callbacks are called on the new thread. Do not use the trainer, the model or the optimizer until
  /// this returns; the compiler cannot check this, as it lets a trainer of any actor be trained.
  ///
  /// - Parameters:
  ///   - data: The training data, at least one sample.
  ///   - validation: The data to evaluate after each epoch; nil for none.
  ///   - epochs: The number of epochs, at least 0.
  ///   - batchSize: The number of samples per step, at least 1.
  ///   - isolation: The actor that is left during the training, by default the caller's.
  /// - Returns: The metrics of this call.
  /// - Throws: The errors of `fit`.
  @discardableResult
  public func fitInBackground(
    _ data: any Dataset, validation: (any Dataset)? = nil, epochs: Int, batchSize: Int,
    isolation: isolated (any Actor)? = #isolation
  ) async throws(MoultError) -> History {
    let task = start(data, validation: validation, epochs: epochs, batchSize: batchSize, relay: nil)
    let result = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
    return try result.get()
  }

  /// Trains the model as `fit` does, on a thread of its own, and returns its events as they happen.
  ///
  /// ```swift
  /// @MainActor func train(_ trainer: Trainer<Sequential>, _ data: TensorDataset) async throws {
  ///   for try await event in trainer.training(data, validation: data, epochs: 20, batchSize: 100) {
  ///     if case .epoch(let epoch) = event { print(epoch.epoch, epoch.validationLoss ?? .nan) }
  ///   }
  /// }
  /// ```
  ///
  /// Training begins at once and never waits for the reader: events that are not read yet are kept, without a limit.
  /// The last one is ``TrainingEvent/end(_:)``, followed by the error if training failed.
  ///
  /// Leaving the loop, or cancelling the task that runs it, ends the training after its step, with a save point. The
  /// trainer is then busy for the rest of that step. To get the events until the end as well, request a ``StopSignal``
  /// and read on.
  ///
  /// Task-local values, such as those of `withThreads`, hold on the new thread too. The loss and the callbacks are
  /// called on the new thread. Do not use the trainer, the model or the optimizer until the end; the compiler cannot
  /// check this, as it lets a trainer of any actor be trained.
  ///
  /// - Parameters:
  ///   - data: The training data, at least one sample.
  ///   - validation: The data to evaluate after each epoch; nil for none.
  ///   - epochs: The number of epochs, at least 0.
  ///   - batchSize: The number of samples per step, at least 1.
  /// - Returns: The events. Reading them throws the errors of `fit`.
  public func training(
    _ data: any Dataset, validation: (any Dataset)? = nil, epochs: Int, batchSize: Int
  ) -> AsyncThrowingStream<TrainingEvent, any Error> {
    let (events, continuation) = AsyncThrowingStream.makeStream(of: TrainingEvent.self)
    let relay = EventRelay { continuation.yield($0) }
    let task = start(data, validation: validation, epochs: epochs, batchSize: batchSize, relay: relay) { result in
      switch result {
      case .success: continuation.finish()
      case .failure(let error): continuation.finish(throwing: error)
      }
    }
    continuation.onTermination = { reason in
      if case .cancelled = reason { task.cancel() }
    }
    return events
  }

  /// Starts `fit` in a task on a thread of its own.
  private func start(
    _ data: any Dataset, validation: (any Dataset)?, epochs: Int, batchSize: Int, relay: EventRelay?,
    atEnd: @escaping @Sendable (Result<History, MoultError>) -> Void = { _ in }
  ) -> Task<Result<History, MoultError>, Never> {
    // A trainer is not sendable, since callbacks and losses are any closures. Callers promise to leave it alone until
    // the end, and `exclusively` refuses a second training.
    nonisolated(unsafe) let (trainer, relay) = (self, relay)
    return Task(executorPreference: TrainingThread.executor) {
      let result = Result { () throws(MoultError) in
        try trainer.fit(data, validation: validation, epochs: epochs, batchSize: batchSize, relay: relay)
      }
      atEnd(result)
      return result
    }
  }

  /// Runs `body`, which changes the trainer, while no other such call runs.
  ///
  /// - Throws: An error of code `.usage` if one runs already.
  func exclusively<R>(_ body: () throws(MoultError) -> R) throws(MoultError) -> R {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged else {
      throw MoultError(
        .usage,
        "Trainer.fit: expected a trainer at rest, got one that is training already, in another task or in a "
          + "callback; wait for the end of its fit, or make another trainer")
    }
    defer { isBusy.store(false, ordering: .releasing) }
    return try body()
  }
}
