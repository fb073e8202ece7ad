import Synchronization

/// How many threads products and elementwise work are split over: the number of the innermost ``withThreads(_:_:)``,
/// else that of ``setThreadCount(_:)``, else MOULT_THREADS, else the number of processors.
///
/// Results do not depend on it: work is split over outputs only, and every sum has a fixed order.
public var threadCount: Int { ThreadBudget.current?.count ?? ThreadPool.wanted.load(ordering: .relaxed) }

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
  let grains = count / max(grain, 1)
  guard grains > 1 else { return runAlone(count, body) }
  let budget = ThreadBudget.current
  run(count, grain: grain, slices: grains, slicesPerThread: ThreadPool.slicesPerThread, budget, body)
}

/// The same for light work on `elements` numbers each: a few thousand in all are worth a thread that is awake, ten
/// times as many one that sleeps. Ranges begin at multiples of `multiple`.
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

/// The same in a given number of ranges, or one if that is less than two.
package func parallelFor(_ count: Int, grain: Int, slices: Int, _ body: (Range<Int>) -> Void) {
  guard slices > 1 else { return runAlone(count, body) }
  run(count, grain: grain, slices: slices, slicesPerThread: nil, ThreadBudget.current, body)
}

/// The work on the caller's thread.
private func runAlone(_ count: Int, _ body: (Range<Int>) -> Void) {
  if count > 0 { body(0..<count) }
}

/// The work in at most `slices` ranges on the threads of a budget. The budget was read once: a task-local value costs
/// as much to read as small work.
private func run(
  _ count: Int, grain: Int, slices: Int, slicesPerThread: Int?, _ budget: ThreadBudget?, _ body: (Range<Int>) -> Void
) {
  let threads = budget?.count ?? ThreadPool.wanted.load(ordering: .relaxed)
  let slices = min(slices, slicesPerThread.map { $0 * threads } ?? slices)
  guard count > 0, threads > 1, slices > 1,
    (budget?.pool ?? .shared).run(slices: slices, threads: threads, count: count, grain: max(grain, 1), body)
  else { return runAlone(count, body) }
}
