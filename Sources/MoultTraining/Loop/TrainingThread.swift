import MoultCore
import MoultPlatform

/// A task executor that runs each job on a new thread. Training takes minutes to days and does not suspend, so on one
/// of the few threads of the cooperative pool it would keep other tasks waiting.
final class TrainingThread: TaskExecutor {
  static let executor = TrainingThread()
  /// The size of the stack in bytes. Without it, the thread would have that of the system, 128 KiB with musl.
  private static let stackSize = 8 << 20

  func enqueue(_ job: consuming ExecutorJob) {
    let ticket = Unmanaged.passRetained(Ticket(job: UnownedJob(job)))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, Self.stackSize)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let status = pthread_create(&thread, &attributes, threadMain, ticket.toOpaque())
    pthread_attr_destroy(&attributes)
    require(status == 0, "Trainer: the system refused to start a thread (error \(status)); end other threads first")
  }
}

private final class Ticket {
  let job: UnownedJob
  init(job: UnownedJob) { self.job = job }
}

private let threadMain: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
  if let raw {
    let ticket = Unmanaged<Ticket>.fromOpaque(raw).takeRetainedValue()
    ticket.job.runSynchronously(on: TrainingThread.executor.asUnownedTaskExecutor())
  }
  return nil
}
