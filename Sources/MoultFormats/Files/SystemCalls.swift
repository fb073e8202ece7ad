import MoultPlatform

/// A system call that failed, by its `errno`.
package struct SystemCallError: Error, Equatable {
  package let code: Int32

  package init(_ code: Int32) { self.code = code }

  /// The system's text for it: `No space left on device`.
  package var text: String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
}

/// Runs `call` until it is not interrupted by a signal.
///
/// - Returns: what `call` returned, never negative.
package func retryingInterrupted<Result: FixedWidthInteger & SignedInteger>(
  _ call: () -> Result
) throws(SystemCallError) -> Result {
  while true {
    let result = call()
    if result >= 0 { return result }
    let code = errno
    if code != EINTR { throw SystemCallError(code) }
  }
}
