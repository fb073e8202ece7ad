import MoultCore
import MoultPlatform

/// Computes the rows of many requests in batches, on a thread of its own.
///
/// While the thread computes a batch, further requests wait; their rows are the next batch. So a request that comes
/// alone is computed at once, and requests that come together share a batch.
package final class BatchQueue<Row: Sendable, Answer: Sendable>: Sendable {
  /// Returns an answer for each row. It calls the second argument every now and then, which throws an error if no
  /// request waits for the answers any more.
  package typealias Computation =
    @Sendable (_ rows: [Row], _ checkCancellation: () throws -> Void) throws -> [Answer]

  private let requests: Monitor<WaitingRequests<Row, Answer>>
  private let maximumWaitingRows: Int

  /// Starts the thread, which ends after the queue is gone.
  package init(maximumBatchSize: Int, maximumWaitingRows: Int, _ compute: @escaping Computation) {
    let requests = Monitor(WaitingRequests<Row, Answer>())
    (self.requests, self.maximumWaitingRows) = (requests, maximumWaitingRows)
    do throws(SystemThread.Failure) {
      try SystemThread { Self.work(requests, maximumBatchSize, compute) }.detach()
    } catch {
      fatalError("Predictor: the system refused to start a thread (error \(error.code))")
    }
  }

  /// The number of rows that no batch has taken yet.
  package var waitingRows: Int { requests.withLock { $0.waitingRows } }

  deinit { requests.withLock { $0.isClosed = true } }

  /// Returns the answers for `rows`, in their order.
  ///
  /// - Throws: `CancellationError` if the task is cancelled, ``QueueFullError``, or an error of the computation.
  package func answers(to rows: [Row]) async throws -> [Answer] {
    try Task.checkCancellation()
    if rows.isEmpty { return [] }
    let id = requests.withLock { $0.nextNumber() }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let refusal = requests.withLock { $0.add(id, rows, limit: maximumWaitingRows, continuation) }
        if let refusal { return continuation.resume(throwing: refusal) }
        // A cancellation before `add` found nothing to remove.
        if Task.isCancelled { cancel(id) }
      }
    } onCancel: {
      cancel(id)
    }
  }

  private func cancel(_ id: Int) { requests.withLock { $0.remove(id) }?.resume(throwing: CancellationError()) }

  /// The work of the thread: one batch after the other.
  private static func work(
    _ requests: Monitor<WaitingRequests<Row, Answer>>, _ maximumBatchSize: Int, _ compute: Computation
  ) {
    typealias Batch = WaitingRequests<Row, Answer>.Batch
    while true {
      let batch = requests.wait { requests -> Batch?? in
        if let batch = requests.takeBatch(limit: maximumBatchSize) { return batch }
        return requests.isClosed ? .some(nil) : nil
      }
      guard let batch else { return }
      do {
        let answers = try compute(batch.rows) {
          if !requests.withLock({ $0.isWanted(batch) }) { throw CancellationError() }
        }
        for done in requests.withLock({ $0.add(answers, of: batch) }) {
          done.continuation.resume(returning: done.answers)
        }
      } catch {
        for part in batch.parts { requests.withLock { $0.remove(part.id) }?.resume(throwing: error) }
      }
    }
  }
}
