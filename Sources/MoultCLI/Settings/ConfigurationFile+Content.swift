import Moult
import MoultPlatform

extension ConfigurationFile {
  /// The largest accepted size of a settings file, in bytes.
  private static let greatestByteCount = 1 << 20

  /// Returns all bytes of a file of any kind, also of a pipe.
  static func content(of path: String) throws(MoultError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, "no file that can be read; is the path right?") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = readSome(descriptor, into: &part)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EISDIR { throw unreadable(path, "a folder; name the file in it") }
      guard count >= 0 else {
        throw unreadable(path, "a file that cannot be read: \(String(cString: strerror(errno)))")
      }
      if count == 0 { return bytes }
      bytes += part[..<count]
      guard bytes.count <= greatestByteCount else {
        throw MoultError(
          .badData, "expected settings of at most 1 MiB, got more; is it the right file?", location: path)
      }
    }
  }

  private static func unreadable(_ path: String, _ what: String) -> MoultError {
    MoultError(
      .noInput, "expected the settings of a run, as its folder has them in config.json, got \(what)", location: path)
  }
}

/// Calls the system's `read`; the methods called `read` in the enum hide it.
private func readSome(_ descriptor: Int32, into part: inout [UInt8]) -> Int { read(descriptor, &part, part.count) }
