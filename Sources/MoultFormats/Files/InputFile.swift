import MoultCore
import MoultPlatform

/// A regular file that is open for reading, with known size.
package final class InputFile: Sendable {
  let path: String
  /// The size of the file in bytes when it was opened.
  package let byteCount: Int
  private let descriptor: Int32
  /// When the file was changed last, as it was opened.
  private let changeTime: ChangeTime

  package init(_ path: String) throws(MoultError) {
    guard !path.utf8.contains(0) else {
      throw MoultError(.noInput, "expected a path, got one with a NUL byte in it", location: path)
    }
    do {
      descriptor = try retryingInterrupted { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    } catch {
      throw MoultError(
        .noInput, "expected a file that can be read; is the path right?", location: path, cause: error.text)
    }
    var information = stat()
    let isKnown = fstat(descriptor, &information) == 0
    guard isKnown, information.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      let kind = isKnown && information.st_mode & S_IFMT == S_IFDIR ? "a folder" : "something else"
      throw MoultError(.noInput, "expected a regular file, got \(kind)", location: path)
    }
    self.path = path
    byteCount = Int(information.st_size)
    changeTime = ChangeTime(information)
  }

  deinit { close(descriptor) }

  /// Fills `buffer` with the bytes from `offset` on.
  ///
  /// - Throws: `.noInput` if reading fails, `.badData` if the file has become shorter.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(MoultError) {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count: Int
      do {
        count = try retryingInterrupted { pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done)) }
      } catch {
        throw MoultError(.noInput, "reading failed at byte \(offset + done)", location: path, cause: error.text)
      }
      guard count > 0 else {
        throw MoultError(
          .badData, "expected \(byteCount) bytes, got only \(offset + done); the file shrank while it was read",
          location: path)
      }
      done += count
    }
  }

  /// Tells the system that `count` bytes from `offset` on will be read soon, so that the disk can read several places
  /// at once.
  func willRead(_ count: Int, at offset: Int) {
    #if canImport(Darwin)
      var advice = radvisory(ra_offset: off_t(offset), ra_count: Int32(clamping: count))
      _ = fcntl(descriptor, F_RDADVISE, &advice)
    #else
      posix_fadvise(descriptor, off_t(offset), off_t(count), POSIX_FADV_WILLNEED)
    #endif
  }

  /// Reads `count` bytes from `offset` on. The caller has checked that the file has them.
  package func bytes(_ count: Int, at offset: Int) throws(MoultError) -> [UInt8] {
    var failure: MoultError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      do throws(MoultError) {
        try read(
          into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]), at: offset)
        initializedCount = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Throws `.badData` if the size or the time of the last change is not that of the file when it was opened. A file
  /// that was replaced by a rename stays the one that was opened.
  func requireUnchanged() throws(MoultError) {
    var information = stat()
    guard fstat(descriptor, &information) == 0, Int(information.st_size) == byteCount,
      ChangeTime(information) == changeTime
    else {
      throw MoultError(
        .badData,
        "expected the file of \(byteCount) bytes that was opened, got one that was changed since, of "
          + "\(information.st_size) bytes; start again with the finished file",
        location: path)
    }
  }

  /// Reads the whole file.
  package func bytes() throws(MoultError) -> [UInt8] { try bytes(byteCount, at: 0) }
}

/// The time of a file's last change.
private struct ChangeTime: Equatable, Sendable {
  private let seconds: Int
  private let nanoseconds: Int

  init(_ information: stat) {
    #if canImport(Darwin)
      let time = information.st_mtimespec
    #else
      let time = information.st_mtim
    #endif
    (seconds, nanoseconds) = (Int(time.tv_sec), Int(time.tv_nsec))
  }
}
