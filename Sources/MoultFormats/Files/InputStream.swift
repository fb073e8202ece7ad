import MoultCore
import MoultPlatform

/// A stream that can be read only once: standard input, a pipe or a terminal.
final class InputStream {
  /// The name of the stream in error messages.
  let location: String
  /// Whether the end of the stream has been reached.
  private(set) var isAtEnd = false
  private let descriptor: Int32

  /// Opens a stream.
  ///
  /// - Parameter path: The path of the stream; `-` for standard input.
  /// - Returns: nil for a regular file or a folder, or if it cannot be opened; `InputFile` then reads it or throws.
  init?(_ path: String) {
    if path == "-" {
      (location, descriptor) = ("standard input", dup(STDIN_FILENO))
    } else {
      var information = stat()
      guard !path.utf8.contains(0), stat(path, &information) == 0 else { return nil }
      let kind = information.st_mode & S_IFMT
      guard kind != S_IFREG, kind != S_IFDIR else { return nil }
      (location, descriptor) = (path, open(path, O_RDONLY | O_CLOEXEC))
    }
    if descriptor < 0 { return nil }
  }

  deinit { close(descriptor) }

  /// Reads the next `count` bytes; fewer only at the end.
  func read(atMost count: Int) throws(MoultError) -> [UInt8] {
    var failure: SystemCallError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      while done < count, !isAtEnd {
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[done...])
        do throws(SystemCallError) {
          let read = try retryingInterrupted { systemRead(descriptor, rest.baseAddress, rest.count) }
          isAtEnd = read == 0
          done += read
        } catch {
          failure = error
          return
        }
      }
    }
    if let failure { throw MoultError(.noInput, "reading failed", location: location, cause: failure.text) }
    return bytes
  }
}

/// Calls the system's `read`; in the class, its own method of that name hides it.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
