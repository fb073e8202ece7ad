import MoultCore
import MoultPlatform

/// Reads the batches of an epoch on a thread of its own, a limited number of them ahead of `next()`.
final class Prefetcher: Sendable {
  private let queue: Monitor<ReadBatches>
  private let thread: SystemThread

  /// Starts to read the batches of `source` from the sample at `position` of its order on.
  init(_ source: BatchSource, from position: Int) throws(MoultError) {
    let queue = Monitor(ReadBatches())
    self.queue = queue
    do throws(SystemThread.Failure) {
      thread = try SystemThread {
        // One thread computes here, so that transforms do not take the workers of the training step.
        withThreads(1) { Self.read(source, from: position, into: queue) }
      }
    } catch {
      throw MoultError(.failure, "the system refused to start a thread that reads batches (error \(error.code))")
    }
  }

  private static func read(_ source: BatchSource, from start: Int, into queue: Monitor<ReadBatches>) {
    let limit = source.data.prefetchedBatches
    var position = start
    while queue.wait(for: { $0.isStopped || $0.results.count < limit ? !$0.isStopped : nil }) {
      do throws(MoultError) {
        let batch = try source.batch(from: position)
        queue.withLock { $0.results.append(.success(batch)) }
        guard let batch else { return }
        position += batch.count
      } catch {
        queue.withLock { $0.results.append(.failure(error)) }
        return
      }
    }
  }

  /// Returns the next batch, or nil after the last one; waits until it is read.
  func next() throws(MoultError) -> Batch? {
    try queue.wait { queue -> Result<Batch?, MoultError>? in
      if case .success(.some) = queue.results.first { return queue.results.removeFirst() }
      return queue.results.first
    }.get()
  }

  /// Ends the thread after the batch that it reads, and waits for its end.
  func stop() {
    queue.withLock { $0.isStopped = true }
    thread.join()
  }
}

/// The batches that were read and not taken yet. An error, or nil at the end, is the last element and stays.
private struct ReadBatches: Sendable {
  var results: [Result<Batch?, MoultError>] = []
  var isStopped = false
}
