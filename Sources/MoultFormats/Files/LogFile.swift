import MoultCore
import MoultPlatform

/// A log file that grows during training. Each part is passed to the system before the call returns, so it survives a
/// crash of the program, but not always a power failure.
package final class LogFile {
  package let path: String
  /// The description of the content in error messages.
  private let content: String
  private let file: UnsafeMutablePointer<FILE>

  /// Creates the file, or truncates it if it exists.
  package convenience init(_ path: String, _ content: String) throws(MoultError) {
    try self.init(path, content, mode: "w")
  }

  /// Opens the file for appending, after removing bytes at its end; creates it if it does not exist.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - content: The description of the content in error messages.
  ///   - kept: Returns the number of bytes at the beginning of the file that are kept.
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

  /// Appends `bytes` and passes them to the system.
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
