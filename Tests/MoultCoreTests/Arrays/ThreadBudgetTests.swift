import MoultCore
import MoultPlatform
import MoultTestSupport
import Synchronization
import Testing

@Suite(.serialized) struct ThreadBudgetTests {
  /// The number of different threads that work on one piece of work.
  private func threadsOfWork() -> Int {
    let seen = Mutex<Set<UInt>>([])
    parallelFor(64, grain: 1) { _ in
      seen.withLock { _ = $0.insert(UInt(bitPattern: pthread_self().hashValue)) }
      usleep(200)
    }
    return seen.withLock { $0.count }
  }

  @Test func theInnermostBudgetCounts() {
    let outside = threadCount
    withThreads(3) {
      #expect(threadCount == 3)
      withThreads(1) { #expect(threadCount == 1 && threadsOfWork() == 1) }
      #expect(threadCount == 3 && (2...3).contains(threadsOfWork()))
    }
    #expect(threadCount == outside)
  }

  @Test func asynchronousWorkKeepsItsBudget() async {
    await withThreads(2) {
      await Task.yield()
      #expect(threadCount == 2)
      async let child = threadCount
      #expect(await child == 2)
    }
  }

  /// Two tasks with budgets work on several threads at the same time; with one pool for all, one of them would be
  /// alone.
  @Test func tasksWithBudgetsHavePoolsOfTheirOwn() {
    withThreads(2) {
      let inner = Mutex(0)
      parallelFor(2, grain: 1) { _ in
        // Work inside work stays on its thread.
        let count = threadsOfWork()
        inner.withLock { $0 = max($0, count) }
      }
      #expect(inner.withLock { $0 } == 1)
    }
    let counts = Mutex<[Int]>([])
    withThreads(2) {
      let outer = threadsOfWork()
      withThreads(2) { counts.withLock { $0 += [outer, threadsOfWork()] } }
    }
    #expect(counts.withLock { $0 } == [2, 2])
  }

  @Test func resultsDoNotDependOnTheBudget() {
    let x = Tensor.randomNormal([130, 700], seed: 1), weight = Parameter(.randomNormal([300, 700], seed: 2))
    func step() -> [Tensor] {
      let y = relu(linear(x, weight: weight, bias: nil))
      return [y, gradients(of: y.sum(), withRespectTo: [weight])[0]].map { $0.detached() }
    }
    let expected = withThreads(1) { step() }
    for count in [2, 3, 5] { #expect(zip(withThreads(count) { step() }, expected).allSatisfy { sameBits($0, $1) }) }
  }

  @Test func noThreadsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      withThreads(0) {}
    }
    #expect(text(result).contains("withThreads: expected 1 to 256 threads, got 0"))
  }
}
