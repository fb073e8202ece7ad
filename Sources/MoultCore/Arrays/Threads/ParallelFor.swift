import Synchronization

/// The number of threads that products and elementwise work are split over.
///
/// It is the number of the innermost ``withThreads(_:_:)``, else that of ``setThreadCount(_:)``, else the environment
/// variable MOULT_THREADS, else the number of processors (256 at most).
///
/// Results do not depend on the number of threads: work is split over outputs only, and every sum has a fixed order.
public var threadCount: Int { ThreadBudget.current?.count ?? ThreadPool.wanted.load(ordering: .relaxed) }

/// Sets the number of threads from now on, for code outside ``withThreads(_:_:)``.
///
/// - Parameter count: The number of threads, from 1 to 256; any other number stops the program.
public func setThreadCount(_ count: Int) {
  require(
    (1...ThreadPool.mostThreads).contains(count),
    "setThreadCount: expected 1 to \(ThreadPool.mostThreads) threads, got \(count)")
  ThreadPool.wanted.store(count, ordering: .relaxed)
}

/// Calls `body` with ranges that together cover `0..<count`, on several threads if `count` is at least `2 * grain`.
/// Ranges begin at multiples of `grain`. `body` must only write the results of its own range.
package func parallelFor(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
  let grains = count / max(grain, 1)
  guard grains > 1 else { return runAlone(count, body) }
  let budget = ThreadBudget.current
  run(count, grain: grain, slices: grains, slicesPerThread: ThreadPool.slicesPerThread, budget, body)
}

/// Calls `body` with ranges that together cover `0..<count`, on several threads if there is enough work.
///
/// - Parameters:
///   - elements: The number of elements that each index stands for. A range has about 4,096 elements or more if all
///     threads are awake, and 32,768 if some have to be woken.
///   - multiple: Ranges begin at multiples of this number.
package func parallelFor(_ count: Int, elements: Int, multipleOf multiple: Int = 1, _ body: (Range<Int>) -> Void) {
  func units(_ work: Int) -> Int {
    max(multiple, (work / max(elements, 1) + multiple - 1) / multiple * multiple)
  }
  guard count / units(ThreadPool.leastWork) > 1 else { return runAlone(count, body) }
  let budget = ThreadBudget.current
  let isAwake = (budget?.pool ?? .shared).isAwake
  let grain = units(isAwake ? ThreadPool.leastWork : ThreadPool.leastWakingWork)
  run(count, grain: grain, slices: count / grain, slicesPerThread: ThreadPool.slicesPerThread, budget, body)
}

/// Calls `body` with `slices` ranges that together cover `0..<count`, or with one range if `slices` is less than 2.
/// Ranges begin at multiples of `grain`.
package func parallelFor(_ count: Int, grain: Int, slices: Int, _ body: (Range<Int>) -> Void) {
  guard slices > 1 else { return runAlone(count, body) }
  run(count, grain: grain, slices: slices, slicesPerThread: nil, ThreadBudget.current, body)
}

/// Runs the whole work on the caller's thread.
private func runAlone(_ count: Int, _ body: (Range<Int>) -> Void) {
  if count > 0 { body(0..<count) }
}

/// Runs the work in at most `slices` ranges on the threads of `budget`.
///
/// - Parameters:
///   - slicesPerThread: The greatest number of ranges for each thread; nil for no limit.
///   - budget: The task's budget, which the caller has read once: reading a task-local value costs as much as small
///     work.
private func run(
  _ count: Int, grain: Int, slices: Int, slicesPerThread: Int?, _ budget: ThreadBudget?, _ body: (Range<Int>) -> Void
) {
  let threads = budget?.count ?? ThreadPool.wanted.load(ordering: .relaxed)
  let slices = min(slices, slicesPerThread.map { $0 * threads } ?? slices)
  guard count > 0, threads > 1, slices > 1,
    (budget?.pool ?? .shared).run(slices: slices, threads: threads, count: count, grain: max(grain, 1), body)
  else { return runAlone(count, body) }
}
