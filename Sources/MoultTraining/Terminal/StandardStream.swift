import MoultFormats
import MoultPlatform

/// Standard output or standard error, written without a buffer: the text is written when the call returns.
package enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// The number of the file descriptor.
  package var fileDescriptor: Int32 { rawValue }

  /// Writes all of `text`.
  ///
  /// - Returns: The error of the system call, or nil if the text was written.
  @discardableResult
  package func write(_ text: String) -> SystemCallError? {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = MoultPlatform.write(fileDescriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return SystemCallError(errno) }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return nil
    }
  }
}
