import CMoultKernels
import MoultPlatform
import Synchronization

/// A pool of threads that compute the slices of a job. After each job a thread stays awake for a moment, since the next
/// job of a training step comes within microseconds; then it sleeps.
///
/// Each thread, including the caller's, begins with its own share of the slices. The shares are the same for each job
/// of one size, so that the weights a thread changed last time are still in its cache. A thread that has finished its
/// share takes slices of the other threads, so that a thread that the system has suspended does not delay the job. The
/// pool runs one job at a time. A task that finds it busy, and parallel work inside a job, run on their own thread.
final class ThreadPool: @unchecked Sendable {
  static let mostThreads = 256
  static let slicesPerThread = 2
  /// The least number of elements in a slice of light work, if all threads are awake and if some of them sleep.
  static let leastWork = 4_096, leastWakingWork = 32_768
  static let shared = ThreadPool()

  /// The number of threads for tasks without a budget.
  static let wanted = Atomic<Int>(
    {
      if let text = getenv("MOULT_THREADS"), let count = Int(String(cString: text)), (1...mostThreads).contains(count) {
        return count
      }
      return min(max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))), mostThreads)
    }())

  /// The current job. It is written by the thread that holds `busy`, while the job is closed and no worker is inside.
  private struct Job {
    var body: (Range<Int>) -> Void
    var slices: Int
    var count: Int
    var grain: Int
    /// The number of shares, one for each thread.
    var shares: Int

    /// Returns the end of a share's slices, where the next share begins.
    func end(ofShare share: Int) -> Int { slices * (share + 1) / shares }

    func range(_ slice: Int) -> Range<Int> {
      let units = (count + grain - 1) / grain
      return min(units * slice / slices * grain, count)..<min(units * (slice + 1) / slices * grain, count)
    }
  }

  /// The state of the current job in one atomic word: the number of jobs so far, whether workers may enter, how many
  /// more may enter, and how many are inside.
  private struct Admission: AtomicRepresentable, Equatable {
    var jobs: UInt32
    var isOpen: Bool
    var places: UInt8
    var inside: UInt8

    typealias AtomicRepresentation = UInt64.AtomicRepresentation

    static func encodeAtomicRepresentation(_ admission: consuming Admission) -> AtomicRepresentation {
      UInt64.encodeAtomicRepresentation(
        UInt64(admission.jobs) << 32 | (admission.isOpen ? 1 << 16 : 0) | UInt64(admission.places) << 8
          | UInt64(admission.inside))
    }

    static func decodeAtomicRepresentation(_ storage: consuming AtomicRepresentation) -> Admission {
      let word = UInt64.decodeAtomicRepresentation(storage)
      return Admission(
        jobs: UInt32(word >> 32), isOpen: word >> 16 & 1 == 1, places: UInt8(word >> 8 & 255), inside: UInt8(word & 255)
      )
    }
  }

  private var job: Job?
  private var workers = 0
  private let busy = Atomic<Bool>(false)
  private let admission = Atomic<Admission>(Admission(jobs: 0, isOpen: false, places: 0, inside: 0))
  /// The next slice of each share that no thread has taken, each in its own cache line.
  private let nextSlice = UnsafeMutablePointer<Atomic<Int>>.allocate(capacity: mostThreads * cursorStride)
  private static let cursorStride = 8
  private let sleepers = Atomic<Int>(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// The number of times a worker checks for a job before it sleeps: about 50 microseconds.
  private static let spins = 4_000

  init() {
    for i in 0..<Self.mostThreads * Self.cursorStride { (nextSlice + i).initialize(to: Atomic(0)) }
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wakeUp, nil)
  }

  /// Whether all workers are awake.
  var isAwake: Bool { sleepers.load(ordering: .relaxed) == 0 }

  /// Runs `body` on the slices of `0..<count`. Returns false, without running it, if the pool is busy.
  func run(slices: Int, threads: Int, count: Int, grain: Int, _ body: (Range<Int>) -> Void) -> Bool {
    guard busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else { return false }
    defer { busy.store(false, ordering: .releasing) }
    let helpers = min(slices, threads) - 1
    while workers < helpers { start() }
    withoutActuallyEscaping(body) { body in
      let job = Job(body: body, slices: slices, count: count, grain: grain, shares: helpers + 1)
      self.job = job
      for share in 0...helpers {
        cursor(share).pointee.store(share == 0 ? 0 : job.end(ofShare: share - 1), ordering: .relaxed)
      }
      let jobs = admission.load(ordering: .relaxed).jobs &+ 1
      admission.store(
        Admission(jobs: jobs, isOpen: true, places: UInt8(helpers), inside: 0), ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(wakeUp)
        pthread_mutex_unlock(mutex)
      }
      takeSlices(first: 0)
      shut()
      self.job = nil
    }
    return true
  }

  private func cursor(_ share: Int) -> UnsafeMutablePointer<Atomic<Int>> { nextSlice + share * Self.cursorStride }

  /// Computes the slices of the share `first`, then the slices that are left in the other shares. This is a function of
  /// its own, so that no reference to the caller's closure outlives it.
  @inline(never)
  private func takeSlices(first: Int) {
    guard let job else { return }
    for turn in 0..<job.shares {
      let share = (first + turn) % job.shares, end = job.end(ofShare: share)
      while true {
        let slice = cursor(share).pointee.wrappingAdd(1, ordering: .relaxed).oldValue
        guard slice < end else { break }
        job.body(job.range(slice))
      }
    }
  }

  /// Closes the job to further workers and waits for the workers inside.
  private func shut() {
    var seen = admission.load(ordering: .relaxed)
    while true {
      var closed = seen
      closed.isOpen = false
      let (exchanged, now) = admission.compareExchange(
        expected: seen, desired: closed, ordering: .acquiringAndReleasing)
      if exchanged { break }
      seen = now
    }
    var turns = 0
    while admission.load(ordering: .acquiring).inside > 0 {
      turns += 1
      if turns < Self.spins { mk_pause() } else { sched_yield() }
    }
  }

  /// Enters the job if it is still the one that `seen` describes, is open and admits one more worker. Returns whether
  /// it has entered.
  private func enter(_ seen: Admission) -> Bool {
    var seen = seen
    while seen.isOpen && seen.places > 0 {
      var entered = seen
      entered.places -= 1
      entered.inside += 1
      let (exchanged, now) = admission.compareExchange(
        expected: seen, desired: entered, ordering: .acquiringAndReleasing)
      if exchanged { return true }
      if now.jobs != seen.jobs { return false }
      seen = now
    }
    return false
  }

  private func leave() {
    var seen = admission.load(ordering: .relaxed)
    while true {
      var left = seen
      left.inside -= 1
      let (exchanged, now) = admission.compareExchange(expected: seen, desired: left, ordering: .acquiringAndReleasing)
      if exchanged { return }
      seen = now
    }
  }

  private func start() {
    workers += 1
    let share = workers, seen = admission.load(ordering: .relaxed).jobs
    do throws(SystemThread.Failure) {
      try SystemThread { ThreadBudget.withOneThread { self.work(share: share, after: seen) } }.detach()
    } catch {
      fatalError(
        "MOULT_THREADS: the system refused to start thread \(workers) (error \(error.code)); ask for fewer")
    }
  }

  private func work(share: Int, after jobs: UInt32) {
    var seen = jobs
    while true {
      let admission = nextJob(after: seen)
      seen = admission.jobs
      if enter(admission) {
        takeSlices(first: share)
        leave()
      }
    }
  }

  private func nextJob(after seen: UInt32) -> Admission {
    for _ in 0..<Self.spins {
      let now = admission.load(ordering: .acquiring)
      if now.jobs != seen { return now }
      mk_pause()
    }
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    defer { sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
    while admission.load(ordering: .sequentiallyConsistent).jobs == seen { pthread_cond_wait(wakeUp, mutex) }
    return admission.load(ordering: .acquiring)
  }
}
