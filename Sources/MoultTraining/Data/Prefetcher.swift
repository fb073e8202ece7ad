import MoultCore
import MoultPlatform

/// Reads the batches of an epoch on a thread of its own, a limited number of them ahead of `next()`.
final class Prefetcher: Sendable {
  private let queue: Queue
  private let thread: SystemThread

  /// Starts to read the batches of `source` from the sample at `position` of its order on.
  init(_ source: BatchSource, from position: Int) throws(MoultError) {
    let queue = Queue(limit: source.data.prefetchedBatches)
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

  private static func read(_ source: BatchSource, from start: Int, into queue: Queue) {
    var position = start
    while queue.waitForRoom() {
      do throws(MoultError) {
        let batch = try source.batch(from: position)
        queue.append(.success(batch))
        guard let batch else { return }
        position += batch.count
      } catch {
        queue.append(.failure(error))
        return
      }
    }
  }

  /// Returns the next batch, or nil after the last one; waits until it is read.
  func next() throws(MoultError) -> Batch? { try queue.next().get() }

  /// Ends the thread after the batch that it reads, and waits for its end.
  func stop() {
    queue.stop()
    thread.join()
  }
}

extension Prefetcher {
  /// The batches that were read and not taken yet. An error, or nil at the end, is the last element and stays.
  private final class Queue: @unchecked Sendable {
    private let limit: Int
    private var results: [Result<Batch?, MoultError>] = []
    private var isStopped = false
    // The mutex guards the properties above.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let hasChanged = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(limit: Int) {
      self.limit = limit
      pthread_mutex_init(mutex, nil)
      pthread_cond_init(hasChanged, nil)
    }

    deinit {
      pthread_cond_destroy(hasChanged)
      pthread_mutex_destroy(mutex)
      hasChanged.deallocate()
      mutex.deallocate()
    }

    /// Waits until another batch may be read. Returns false if there is no need for one.
    func waitForRoom() -> Bool {
      locked {
        while results.count >= limit, !isStopped { pthread_cond_wait(hasChanged, mutex) }
        return !isStopped
      }
    }

    func append(_ result: Result<Batch?, MoultError>) { changing { results.append(result) } }

    func stop() { changing { isStopped = true } }

    func next() -> Result<Batch?, MoultError> {
      locked {
        while results.isEmpty { pthread_cond_wait(hasChanged, mutex) }
        if case .success(.some) = results[0] {
          pthread_cond_signal(hasChanged)
          return results.removeFirst()
        }
        return results[0]
      }
    }

    private func changing(_ body: () -> Void) {
      locked {
        body()
        pthread_cond_signal(hasChanged)
      }
    }

    private func locked<R>(_ body: () -> R) -> R {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      return body()
    }
  }
}
