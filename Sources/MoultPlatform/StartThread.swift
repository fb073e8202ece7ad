/// Starts a thread that runs `body` and then ends; nothing joins it.
///
/// - Returns: 0, or the error of the system if it refuses to start a thread.
package func startThread(_ body: @escaping @Sendable () -> Void) -> Int32 {
  let work = Unmanaged.passRetained(ThreadWork(body))
  #if canImport(Darwin)
    var thread: pthread_t?
  #else
    var thread = pthread_t()
  #endif
  let status = pthread_create(&thread, nil, runThread, work.toOpaque())
  guard status == 0 else {
    work.release()
    return status
  }
  #if canImport(Darwin)
    if let thread { pthread_detach(thread) }
  #else
    pthread_detach(thread)
  #endif
  return 0
}

private final class ThreadWork {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private let runThread: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
  if let raw { Unmanaged<ThreadWork>.fromOpaque(raw).takeRetainedValue().body() }
  return nil
}
