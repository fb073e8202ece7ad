import MoultPlatform

/// The error of a failed system call, with its `errno`.
package struct SystemCallError: Error, Equatable {
  package let code: Int32

  package init(_ code: Int32) { self.code = code }

  /// The system's message for the error, such as `No space left on device`.
  package var text: String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
}

/// Calls `call` again for as long as a signal interrupts it (EINTR).
///
/// - Returns: The result of `call`, which is not negative.
/// - Throws: The error if `call` returned a negative number for another reason.
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
