import MoultFormats
import MoultPlatform

/// Standard output and standard error, unbuffered: the text is out when the call returns.
package enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// The number of the open file.
  package var fileDescriptor: Int32 { rawValue }

  /// Writes all of `text`.
  ///
  /// - Returns: what was wrong, or `nil`.
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
