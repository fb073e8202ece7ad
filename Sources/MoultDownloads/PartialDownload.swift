import Foundation
import MoultCore
import MoultFormats
import MoultPlatform
import Synchronization

/// An unfinished download, stored as `NAME.incomplete`. The file `NAME.incomplete.source` holds the URL and the version
/// that the server reported (its ETag); with them a later request can ask for the missing bytes only.
final class PartialDownload: HTTPTransfer.Receiver {
  /// The reason why a response was refused.
  enum Refusal: Error {
    /// The server sent an error, or a response that does not fit the request.
    case answer(String)
    /// The server does not have the requested bytes (HTTP 416): the bytes received so far do not begin its file.
    case rangeIsGone
    /// The file could not be written.
    case disk(SystemCallError)
  }

  private struct State {
    var byteCount = 0
    var descriptor: Int32 = -1
  }

  let path: String
  private let url: String
  private let greatestByteCount: Int
  private let progress: @Sendable (Int, Int?) -> Void
  private let state = Mutex(State())
  private let total = Mutex<Int?>(nil)

  var sourcePath: String { path + ".source" }

  /// Opens the file at `path`, with the bytes of an earlier download if there are some.
  ///
  /// - Parameters:
  ///   - path: The path of the unfinished file, `NAME.incomplete`.
  ///   - url: The URL that is downloaded.
  ///   - greatestByteCount: The largest size in bytes; longer responses are refused.
  ///   - progress: Called after each write with the number of bytes received and the total, nil if it is unknown.
  init(
    _ path: String, url: String, greatestByteCount: Int, progress: @escaping @Sendable (Int, Int?) -> Void
  ) throws(SystemCallError) {
    self.path = path
    self.url = url
    self.greatestByteCount = greatestByteCount
    self.progress = progress
    let descriptor = try retryingInterrupted { open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666) }
    let end = lseek(descriptor, 0, SEEK_END)
    state.withLock { $0 = State(byteCount: Int(end), descriptor: descriptor) }
  }

  deinit { close(state.withLock { $0.descriptor }) }

  /// The number of bytes received so far.
  var byteCount: Int { state.withLock { $0.byteCount } }

  /// The request headers that ask for the missing bytes; empty unless the bytes so far are known to begin the file at
  /// `url`.
  var resumingHeaders: [String: String] {
    let count = byteCount
    guard count > 0, let source = try? InputFile(sourcePath).bytes() else { return [:] }
    let lines = String(decoding: source, as: UTF8.self).split(separator: "\n")
    // Only a strong ETag, which begins with a quotation mark, guarantees identical bytes.
    guard lines.count == 2, lines[0] == url, lines[1].hasPrefix("\"") else { return [:] }
    return ["Range": "bytes=\(count)-", "If-Range": String(lines[1])]
  }

  func receive(_ head: HTTPTransfer.Head) throws {
    switch head.status {
    case 200:
      try restart()
      if let tag = head.entityTag {
        try? AtomicFile.write(Array("\(url)\n\(tag)\n".utf8), to: sourcePath)
      }
    case 206:
      guard let range = head.contentRange, range.hasPrefix("bytes \(byteCount)-") else {
        throw Refusal.answer("expected the bytes from \(byteCount) on, got \(head.contentRange ?? "no Content-Range")")
      }
    case 416:
      try restart()
      throw Refusal.rangeIsGone
    default: throw Refusal.answer("HTTP \(head.status)")
    }
    total.withLock { $0 = head.byteCount.map { $0 + byteCount } }
    if let expected = head.byteCount, expected > greatestByteCount - byteCount {
      throw Refusal.answer("expected at most \(greatestByteCount) bytes, got the promise of \(expected + byteCount)")
    }
  }

  func receive(_ bytes: Data) throws {
    guard bytes.count <= greatestByteCount - byteCount else {
      throw Refusal.answer("expected at most \(greatestByteCount) bytes, got more")
    }
    let count = try state.withLock { state in
      try bytes.withUnsafeBytes { (buffer: UnsafeRawBufferPointer) in
        var rest = buffer
        while !rest.isEmpty {
          do throws(SystemCallError) {
            let written = try SystemFileSystem().write(state.descriptor, rest)
            state.byteCount += written
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
          } catch {
            throw Refusal.disk(error)
          }
        }
      }
      return state.byteCount
    }
    progress(count, total.withLock { $0 })
  }

  /// Discards the received bytes, to begin again with the first one.
  func restart() throws(Refusal) {
    do {
      try state.withLock { state throws(SystemCallError) in
        let descriptor = state.descriptor
        _ = try retryingInterrupted { ftruncate(descriptor, 0) }
        lseek(descriptor, 0, SEEK_SET)
        state.byteCount = 0
      }
    } catch {
      throw .disk(error)
    }
    unlink(sourcePath)
  }

  /// Removes the file and its `.source` file.
  func discard() {
    unlink(path)
    unlink(sourcePath)
  }

  /// Flushes the complete file to disk and renames it to `newPath`.
  func complete(as newPath: String) throws(SystemCallError) {
    let fileSystem = SystemFileSystem()
    try fileSystem.synchronize(state.withLock { $0.descriptor })
    try fileSystem.rename(path, to: newPath)
    unlink(sourcePath)
  }
}
