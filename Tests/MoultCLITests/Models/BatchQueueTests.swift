import Dispatch
import Moult
import MoultTestSupport
import Synchronization
import Testing

/// The queue of a predictor, with a computation that the test holds up: it doubles numbers.
@Suite struct BatchQueueTests {
  /// A computation that waits for a signal before each batch, and the batches that it got.
  private final class Held: Sendable {
    let batches = Mutex<[[Int]]>([])
    let gate = DispatchSemaphore(value: 0)
    let cancelledCount = Atomic(0)

    func queue(batchSize: Int = 3, limit: Int = 100) -> BatchQueue<Int, Int> {
      BatchQueue(maximumBatchSize: batchSize, maximumWaitingRows: limit) { rows, check in
        self.batches.withLock { $0.append(rows) }
        while self.gate.wait(timeout: .now() + .milliseconds(1)) == .timedOut {
          do { try check() } catch {
            self.cancelledCount.add(1, ordering: .relaxed)
            throw error
          }
        }
        return rows.map { 2 * $0 }
      }
    }

    /// Waits until the computation has begun with batch `count`.
    func begun(_ count: Int) async { await until { batches.withLock { $0.count } >= count } }
  }

  /// Starts a request, and returns when it waits or runs.
  private func start(_ rows: [Int], _ queue: BatchQueue<Int, Int>) async -> Task<[Int], any Error> {
    let before = queue.waitingRows
    let task = Task { try await queue.answers(to: rows) }
    await until { queue.waitingRows == before + rows.count }
    return task
  }

  /// A first batch that runs until the gate is opened.
  private func blocked(_ held: Held, _ queue: BatchQueue<Int, Int>) async -> Task<[Int], any Error> {
    let first = Task { try await queue.answers(to: [0]) }
    await held.begun(1)
    return first
  }

  @Test func whatWaitsIsOneBatchAndLongRequestsTakeTurns() async throws {
    let held = Held(), queue = held.queue()
    let first = await blocked(held, queue)
    let long = await start([1, 2, 3, 4, 5, 6, 7], queue)
    let short = [await start([8], queue), await start([9, 10], queue)]
    for _ in 0..<5 { held.gate.signal() }
    try await expectEqual(first.value, [0])
    try await expectEqual(long.value, [2, 4, 6, 8, 10, 12, 14])
    try await expectEqual(short[0].value, [16])
    try await expectEqual(short[1].value, [18, 20])
    expectEqual(held.batches.withLock { $0 }, [[0], [1, 2, 3], [8, 9, 10], [4, 5, 6], [7]])
    try await expectEqual(queue.answers(to: []), [])
  }

  @Test func aCancelledRequestEndsAtOnce() async throws {
    let held = Held(), queue = held.queue()
    let running = await blocked(held, queue)
    let (waiting, other) = (await start([1, 2], queue), await start([3], queue))
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    expectEqual(queue.waitingRows, 1)
    // The only request of the running batch: the computation stops, and the next batch begins.
    running.cancel()
    await #expect(throws: CancellationError.self) { try await running.value }
    await held.begun(2)
    expectEqual(held.cancelledCount.load(ordering: .relaxed), 1)
    // One of two requests of a running batch: the other one is answered.
    let pair = [await start([4], queue), await start([5], queue)]
    held.gate.signal()
    await held.begun(3)
    pair[0].cancel()
    await #expect(throws: CancellationError.self) { try await pair[0].value }
    held.gate.signal()
    try await expectEqual(other.value, [6])
    try await expectEqual(pair[1].value, [10])
    expectEqual(held.batches.withLock { $0 }, [[0], [3], [4, 5]])
    expectEqual(held.cancelledCount.load(ordering: .relaxed), 1)
    // A task that is cancelled before it asks.
    let late = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await queue.answers(to: [6])
    }
    late.cancel()
    await #expect(throws: CancellationError.self) { try await late.value }
  }

  @Test func aFullQueueRefuses() async throws {
    let held = Held(), queue = held.queue(limit: 4)
    let first = await blocked(held, queue), second = await start([1, 2, 3], queue)
    await #expect(throws: QueueFullError(rows: 2, waitingRows: 3, maximumWaitingRows: 4)) {
      try await queue.answers(to: [4, 5])
    }
    let third = await start([6], queue)
    for _ in 0..<3 { held.gate.signal() }
    for (task, answers) in [(first, [0]), (second, [2, 4, 6]), (third, [12])] {
      try await expectEqual(task.value, answers)
    }
    await #expect(throws: QueueFullError.self) { try await queue.answers(to: [1, 2, 3, 4, 5]) }
  }

  @Test func anErrorOfTheComputationReachesItsRequests() async throws {
    let queue = BatchQueue<Int, Int>(maximumBatchSize: 2, maximumWaitingRows: 9) { rows, _ in
      if rows.contains(13) { throw MoultError(.failure, "no luck") }
      return rows
    }
    await #expect(throws: MoultError(.failure, "no luck")) { try await queue.answers(to: [13, 1, 2]) }
    try await expectEqual(queue.answers(to: [1, 2, 3]), [1, 2, 3])
  }

  @Test func theThreadEndsWithTheQueue() async throws {
    weak var watched: Held?
    do {
      let held = Held(), queue = held.queue()
      watched = held
      held.gate.signal()
      try await expectEqual(queue.answers(to: [1]), [2])
    }
    // The thread holds the computation, and the computation holds this object.
    await until { watched == nil }
  }
}

/// Waits until the condition holds; a minute without is an issue.
func until(_ condition: () -> Bool) async {
  let end = ContinuousClock.now + .seconds(60)
  while !condition() {
    if ContinuousClock.now > end {
      Issue.record("expected a condition within a minute")
      return
    }
    await Task.yield()
  }
}
