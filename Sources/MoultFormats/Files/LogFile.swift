import MoultCore
import MoultPlatform

/// A file that grows while training runs, each part handed to the system before the call returns: it outlives the
/// program, though perhaps not a loss of power.
package final class LogFile {
  package let path: String
  /// The name of its content in messages.
  private let content: String
  private let file: UnsafeMutablePointer<FILE>

  /// Creates the file, or empties it when it exists.
  package convenience init(_ path: String, _ content: String) throws(MoultError) {
    try self.init(path, content, mode: "w")
  }

  /// Opens the file to write on at its end, once what does not count any more is cut off; creates it where there is
  /// none.
  ///
  /// - Parameter kept: How many of the file's bytes stay.
  package convenience init(
    appendingTo path: String, _ content: String, kept: ([UInt8]) throws(MoultError) -> Int
  ) throws(MoultError) {
    if access(path, F_OK) == 0 {
      let bytes = try InputFile(path).bytes()
      let count = try kept(bytes)
      if count < bytes.count, truncate(path, off_t(count)) != 0 { throw Self.failure(path, content) }
    }
    try self.init(path, content, mode: "a")
  }

  private init(_ path: String, _ content: String, mode: String) throws(MoultError) {
    guard let file = fopen(path, mode) else { throw Self.failure(path, content) }
    (self.path, self.content, self.file) = (path, content, file)
  }

  deinit { fclose(file) }

  /// Appends `bytes` and hands them to the system.
  package func append(_ bytes: some Collection<UInt8>) throws(MoultError) {
    let bytes = Array(bytes)
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count, fflush(file) == 0 else {
      throw Self.failure(path, content)
    }
  }

  private static func failure(_ path: String, _ content: String) -> MoultError {
    MoultError(
      .cannotWrite, "cannot write \(content)", location: path, cause: SystemCallError(errno).text)
  }
}
