import Synchronization

/// How many threads the work of a task may use, and the pool that they come from.
///
/// Tasks without a budget share one pool, which serves one piece of work at a time; a task that finds it busy computes
/// on its own thread. A task with a budget has a pool of its own, so that several trainings at once keep all cores
/// busy.
final class ThreadBudget: Sendable {
  let count: Int
  /// Nil for one thread.
  let pool: ThreadPool?

  @TaskLocal static var current: ThreadBudget?

  /// Pools that no budget uses at present, by the number of their threads, which sleep.
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

  /// Runs `body`, the work of a pool's thread, so that work inside work stays on that thread.
  static func withOneThread(_ body: () -> Void) { $current.withValue(ThreadBudget(1), operation: body) }
}

/// Gives `body` a number of threads of its own, from 1 to 256, in this task and the ones it starts.
///
/// Results do not depend on it. With `k` trainings at once on `n` cores, give each `n / k` threads:
///
///     await withTaskGroup { group in
///       for seed in 0..<k { group.addTask { withThreads(n / k) { train(seed) } } }
///     }
public func withThreads<R>(_ count: Int, _ body: () throws -> R) rethrows -> R {
  try ThreadBudget.$current.withValue(ThreadBudget(count), operation: body)
}

/// Gives an asynchronous `body` a number of threads of its own, from 1 to 256, in this task and the ones it starts.
public func withThreads<R>(
  _ count: Int, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
  try await ThreadBudget.$current.withValue(ThreadBudget(count), operation: body)
}
