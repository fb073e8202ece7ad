/// A value behind a lock, with threads that wait until it has changed (a mutex with a condition variable).
package final class Monitor<Value: Sendable>: @unchecked Sendable {
  private var value: Value
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let hasChanged = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  package init(_ value: Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(hasChanged, nil)
  }

  deinit {
    pthread_cond_destroy(hasChanged)
    pthread_mutex_destroy(mutex)
    hasChanged.deallocate()
    mutex.deallocate()
  }

  /// Calls `body` with the value, under the lock, and wakes a thread that waits for a change.
  package func withLock<R>(_ body: (inout Value) -> R) -> R {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_signal(hasChanged)
      pthread_mutex_unlock(mutex)
    }
    return body(&value)
  }

  /// Calls `body` with the value, under the lock, now and after each change, until it returns a result. The calling
  /// thread sleeps between the calls; at most one thread may wait.
  package func wait<R>(for body: (inout Value) -> R?) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&value) {
        // `body` may have changed the value, for which another thread may wait.
        pthread_cond_signal(hasChanged)
        return result
      }
      pthread_cond_wait(hasChanged, mutex)
    }
  }
}
