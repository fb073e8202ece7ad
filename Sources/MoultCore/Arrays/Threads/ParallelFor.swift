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
  parallelFor(count, grain: grain, slices: min(threadCount * ThreadPool.slicesPerThread, count / max(grain, 1)), body)
}

/// The same for light work on `elements` numbers each: a few thousand in all are worth a thread that is awake, ten
/// times as many one that sleeps. Ranges begin at multiples of `multiple`.
package func parallelFor(_ count: Int, elements: Int, multipleOf multiple: Int = 1, _ body: (Range<Int>) -> Void) {
  func units(_ work: Int) -> Int {
    max(multiple, (work / max(elements, 1) + multiple - 1) / multiple * multiple)
  }
  let least = ThreadPool.current.isAwake ? ThreadPool.leastWork : ThreadPool.leastWakingWork
  parallelFor(count, grain: units(least), body)
}

/// The same in a given number of ranges, or one if that is less than two.
package func parallelFor(_ count: Int, grain: Int, slices: Int, _ body: (Range<Int>) -> Void) {
  guard count > 0 else { return }
  guard threadCount > 1, slices > 1, ThreadPool.current.run(slices: slices, count: count, grain: max(grain, 1), body)
  else { return body(0..<count) }
}
