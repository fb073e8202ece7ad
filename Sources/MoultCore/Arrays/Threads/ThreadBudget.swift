import Synchronization

/// The number of threads that the work of a task may use, and the pool that they come from.
///
/// Tasks without a budget share one pool, which runs one job at a time; a task that finds it busy computes on its own
/// thread. A task with a budget has a pool of its own, so that several trainings at once keep all cores busy.
final class ThreadBudget: Sendable {
  let count: Int
  /// The pool; nil for a budget of one thread.
  let pool: ThreadPool?

  /// The budget of the current task; nil if it has none.
  static var current: ThreadBudget? { ArrayContext.current.budget }

  /// Pools that no budget uses at present, by their number of threads. These threads sleep.
  private static let idlePools = Mutex<[Int: [ThreadPool]]>([:])

  fileprivate init(_ count: Int) {
    require(
      (1...ThreadPool.mostThreads).contains(count),
      "withThreads: expected 1 to \(ThreadPool.mostThreads) threads, got \(count)")
    self.count = count
    pool = count == 1 ? nil : Self.idlePools.withLock { $0[count]?.popLast() } ?? ThreadPool()
  }

  deinit {
    guard let pool else { return }
    Self.idlePools.withLock { $0[count, default: []].append(pool) }
  }

  /// Runs `body`, the work of a thread of the pool, with a budget of one thread: parallel work inside it stays on that
  /// thread.
  static func withOneThread(_ body: () -> Void) { ArrayContext.$current.withValue(context(1), operation: body) }

  fileprivate static func context(_ count: Int) -> ArrayContext { .current(with: \.budget, ThreadBudget(count)) }
}

/// Runs `body` with `count` threads of its own, in this task and the tasks that it starts.
///
/// Results do not depend on the number of threads. With `k` trainings at once on `n` cores, give each of them `n / k`
/// threads:
///
///     await withTaskGroup { group in
///       for seed in 0..<k { group.addTask { withThreads(n / k) { train(seed) } } }
///     }
///
/// - Parameter count: The number of threads, from 1 to 256; any other number stops the program.
public func withThreads<R>(_ count: Int, _ body: () throws -> R) rethrows -> R {
  try ArrayContext.$current.withValue(ThreadBudget.context(count), operation: body)
}

/// Runs an asynchronous `body` with `count` threads of its own, from 1 to 256, in this task and the tasks that it
/// starts.
public func withThreads<R>(
  _ count: Int, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
  try await ArrayContext.$current.withValue(ThreadBudget.context(count), operation: body)
}
