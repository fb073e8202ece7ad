import MoultCore
import MoultPlatform
import MoultTestSupport
import Synchronization
import Testing

@Suite(.serialized) struct ThreadBudgetTests {
  /// The number of different threads that work on one piece of work. Each waits until as many as `expected` have come,
  /// at most ten seconds.
  private func threadsOfWork(expecting expected: Int) -> Int {
    let seen = Mutex<Set<UInt>>([]), deadline = ContinuousClock.now + .seconds(10)
    parallelFor(64, grain: 1) { _ in
      seen.withLock { _ = $0.insert(UInt(bitPattern: pthread_self().hashValue)) }
      while seen.withLock({ $0.count }) < expected, ContinuousClock.now < deadline { sched_yield() }
    }
    return seen.withLock { $0.count }
  }

  @Test func theInnermostBudgetCounts() {
    let outside = threadCount
    withThreads(3) {
      expectEqual(threadCount, 3)
      withThreads(1) { expectTrue(threadCount == 1 && threadsOfWork(expecting: 1) == 1) }
      expectTrue(threadCount == 3 && threadsOfWork(expecting: 3) == 3)
    }
    expectEqual(threadCount, outside)
  }

  @Test func asynchronousWorkKeepsItsBudget() async {
    await withThreads(2) {
      await Task.yield()
      expectEqual(threadCount, 2)
      async let child = threadCount
      await expectEqual(child, 2)
    }
  }

  @Test func workInsideWorkStaysOnItsThread() {
    withThreads(2) {
      let outer = Mutex(0), inner = Mutex<[Int]>([])
      parallelFor(2, grain: 1) { _ in
        outer.withLock { $0 += 1 }
        let deadline = ContinuousClock.now + .seconds(10)
        while outer.withLock({ $0 }) < 2, ContinuousClock.now < deadline { sched_yield() }
        inner.withLock { $0.append(threadCount) }
      }
      // The caller keeps its budget, and its pool is busy; the pool's own thread has a budget of one.
      expectEqual(inner.withLock { $0.sorted() }, [1, 2])
    }
  }

  /// A budget within a budget has a pool of its own: the outer one is not busy with its work.
  @Test func everyBudgetHasAPoolOfItsOwn() {
    withThreads(2) {
      expectEqual(threadsOfWork(expecting: 2), 2)
      withThreads(2) { expectEqual(threadsOfWork(expecting: 2), 2) }
    }
  }

  @Test func resultsDoNotDependOnTheBudget() {
    let x = Tensor.randomNormal([130, 700], seed: 1), weight = Parameter(.randomNormal([300, 700], seed: 2))
    func step() -> [Tensor] {
      let y = relu(linear(x, weight: weight, bias: nil))
      return [y, gradients(of: y.sum(), withRespectTo: [weight])[0]].map { $0.detached() }
    }
    let expected = withThreads(1) { step() }
    for count in [2, 3, 5] { expectTrue(zip(withThreads(count) { step() }, expected).allSatisfy { sameBits($0, $1) }) }
  }

  @Test func noThreadsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      withThreads(0) {}
    }
    expectTrue(text(result).contains("withThreads: expected 1 to 256 threads, got 0"))
  }
}
