import CMoultKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many threads products and elementwise work are split over: MOULT_THREADS, else the number of processors.
///
/// Results do not depend on it: work is split over outputs only, and every sum has a fixed order.
public var threadCount: Int { ThreadPool.wanted.load(ordering: .relaxed) }

/// Sets the number of threads from now on, from 1 to 256.
public func setThreadCount(_ count: Int) {
  require(
    (1...ThreadPool.mostThreads).contains(count),
    "setThreadCount: expected 1 to \(ThreadPool.mostThreads) threads, got \(count)")
  ThreadPool.wanted.store(count, ordering: .relaxed)
}

/// Calls `body` with ranges that together cover `0..<count`, on several threads at once if there are at least two times
/// `grain` of them. Ranges begin at multiples of `grain`. `body` must write to its own range's results only.
package func parallelFor(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
  let grain = max(grain, 1), slices = min(threadCount, count / grain)
  guard count > 0 else { return }
  guard slices > 1, ThreadPool.shared.run(slices: slices, count: count, grain: grain, body) else {
    return body(0..<count)
  }
}

/// Threads that wait for slices of work: awake for a moment after each piece, because the next one is microseconds away
/// in a training step, then asleep.
///
/// One piece of work runs at a time. Whoever finds the pool busy (another task, or work inside work) does its own alone.
private final class ThreadPool: @unchecked Sendable {
  static let mostThreads = 256
  static let shared = ThreadPool()

  static let wanted = Atomic<Int>(
    {
      if let text = getenv("MOULT_THREADS"), let count = Int(String(cString: text)), (1...mostThreads).contains(count) {
        return count
      }
      return min(max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))), mostThreads)
    }())

  /// The work under way. Written by the thread that holds `busy`, before it raises `generation`.
  private struct Job {
    var body: (Range<Int>) -> Void
    var slices: Int
    var count: Int
    var grain: Int

    func range(_ slice: Int) -> Range<Int> {
      let units = (count + grain - 1) / grain
      return min(units * slice / slices * grain, count)..<min(units * (slice + 1) / slices * grain, count)
    }
  }

  private var job: Job?
  private var workers = 0
  private let busy = Atomic<Bool>(false)
  /// Counts pieces of work in steps of `generationStep`; below that, the slices of the present piece. A worker knows from
  /// this word alone whether it takes part, and only then looks at `job`.
  private let generation = Atomic<Int>(0)
  private static let generationStep = 512
  private let remaining = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// About 50 microseconds of looking for work before a worker sleeps.
  private static let spins = 4_000

  private init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wakeUp, nil)
  }

  /// Runs `body` over slices; false, and nothing done, if the pool is busy.
  func run(slices: Int, count: Int, grain: Int, _ body: (Range<Int>) -> Void) -> Bool {
    guard busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else { return false }
    defer { busy.store(false, ordering: .releasing) }
    withoutActuallyEscaping(body) { body in
      let job = Job(body: body, slices: slices, count: count, grain: grain)
      while workers < slices - 1 { start(worker: workers + 1) }
      self.job = job
      remaining.store(slices - 1, ordering: .relaxed)
      let last = generation.load(ordering: .relaxed)
      generation.store(
        (last / Self.generationStep &+ 1) * Self.generationStep + slices, ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(wakeUp)
        pthread_mutex_unlock(mutex)
      }
      body(job.range(0))
      var turns = 0
      while remaining.load(ordering: .acquiring) > 0 {
        turns += 1
        if turns < Self.spins { mk_pause() } else { sched_yield() }
      }
      self.job = nil
    }
    return true
  }

  private func start(worker: Int) {
    workers += 1
    let seen = generation.load(ordering: .relaxed)
    let ticket = Unmanaged.passRetained(Ticket(pool: self, worker: worker, seen: seen))
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let status = pthread_create(&thread, nil, workerMain, ticket.toOpaque())
    require(status == 0, "MOULT_THREADS: the system refused to start thread \(worker) (error \(status)); ask for fewer")
    #if canImport(Darwin)
      if let thread { pthread_detach(thread) }
    #else
      pthread_detach(thread)
    #endif
  }

  fileprivate func work(as worker: Int, after start: Int) {
    var seen = start
    while true {
      seen = nextGeneration(after: seen)
      guard worker < seen % Self.generationStep else { continue }
      perform(worker)
      remaining.wrappingSubtract(1, ordering: .acquiringAndReleasing)
    }
  }

  /// `job` cannot change before this worker has counted itself out. A function of its own, so that no reference to the
  /// caller's closure outlives the count.
  @inline(never)
  private func perform(_ worker: Int) {
    if let job { job.body(job.range(worker)) }
  }

  private func nextGeneration(after seen: Int) -> Int {
    for _ in 0..<Self.spins {
      let now = generation.load(ordering: .acquiring)
      if now != seen { return now }
      mk_pause()
    }
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    defer { sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
    while generation.load(ordering: .sequentiallyConsistent) == seen { pthread_cond_wait(wakeUp, mutex) }
    return generation.load(ordering: .acquiring)
  }
}

private final class Ticket {
  let pool: ThreadPool, worker: Int, seen: Int
  init(pool: ThreadPool, worker: Int, seen: Int) { (self.pool, self.worker, self.seen) = (pool, worker, seen) }
}

private let workerMain: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
  if let raw {
    let ticket = Unmanaged<Ticket>.fromOpaque(raw).takeRetainedValue()
    ticket.pool.work(as: ticket.worker, after: ticket.seen)
  }
  return nil
}
