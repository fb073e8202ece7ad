/// A thread of the operating system, with a stack of 8 MiB: that of the system may be 128 KiB, as with musl.
package struct SystemThread: @unchecked Sendable {
  /// The error of a thread that the system did not start.
  package struct Failure: Error {
    /// The system's error number.
    package let code: Int32
  }

  /// What the new thread gets: a function in memory of its own.
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  #if canImport(Darwin)
    private var handle: pthread_t?
  #else
    private var handle = pthread_t()
  #endif

  /// Starts a thread that runs `body` and then ends.
  package init(_ body: @escaping @Sendable () -> Void) throws(Failure) {
    let body = Unmanaged.passRetained(Body(body))
    let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { body in
      if let body { Unmanaged<Body>.fromOpaque(body).takeRetainedValue().run() }
      return nil
    }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 8 << 20)
    let code = pthread_create(&handle, &attributes, main, body.toOpaque())
    guard code == 0 else {
      body.release()
      throw Failure(code: code)
    }
  }

  /// Waits for the end of the thread. Call either this or `detach`, once.
  package func join() {
    #if canImport(Darwin)
      if let handle { pthread_join(handle, nil) }
    #else
      pthread_join(handle, nil)
    #endif
  }

  /// Lets the system free the thread when it ends.
  package func detach() {
    #if canImport(Darwin)
      if let handle { pthread_detach(handle) }
    #else
      pthread_detach(handle)
    #endif
  }
}
