import Foundation
import MoultCore
import MoultFormats
import MoultPlatform
import Synchronization

/// A file that is being downloaded, as `NAME.incomplete`, and the data for going on after a break: beside it
/// `NAME.incomplete.source` holds the address it came from and the version that the server named (its ETag).
final class PartialDownload: HTTPTransfer.Receiver {
  /// Why an answer was refused.
  enum Refusal: Error {
    /// The server answered with an error or with something else than was asked for.
    case answer(String)
    /// The server has not the bytes that were asked for (HTTP 416): the bytes so far are not the file's beginning.
    case rangeIsGone
    /// The disk refused.
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

  /// - Parameter greatestByteCount: more than that is never the file, and is not stored.
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

  /// How many bytes are there.
  var byteCount: Int { state.withLock { $0.byteCount } }

  /// The headers that ask for the rest, if the bytes so far are known to be the beginning of the file at `url`.
  var resumingHeaders: [String: String] {
    let count = byteCount
    guard count > 0, let source = try? InputFile(sourcePath).bytes() else { return [:] }
    let lines = String(decoding: source, as: UTF8.self).split(separator: "\n")
    // Only a strong ETag promises the same bytes.
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

  /// Begins anew.
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

  /// Removes it and what was kept beside it.
  func discard() {
    unlink(path)
    unlink(sourcePath)
  }

  /// Gives the complete file its name, for good.
  func complete(as newPath: String) throws(SystemCallError) {
    let fileSystem = SystemFileSystem()
    try fileSystem.synchronize(state.withLock { $0.descriptor })
    try fileSystem.rename(path, to: newPath)
    unlink(sourcePath)
  }
}
