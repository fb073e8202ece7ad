import MoultPlatform

/// A task executor that runs each job on a new thread. Training takes minutes to days and does not suspend, so on one
/// of the few threads of the cooperative pool it would keep other tasks waiting.
final class TrainingThread: TaskExecutor {
  static let executor = TrainingThread()

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    do throws(SystemThread.Failure) {
      try SystemThread { job.runSynchronously(on: Self.executor.asUnownedTaskExecutor()) }.detach()
    } catch {
      fatalError("Trainer: the system refused to start a thread (error \(error.code)); end other threads first")
    }
  }
}
