import MoultPlatform

/// The system calls that `AtomicFile` makes. Tests replace them to simulate failures.
package protocol FileSystem {
  /// Creates a file, which must not exist yet, and opens it for writing.
  func createFile(_ path: String) throws(SystemCallError) -> Int32
  func openFolder(_ path: String) throws(SystemCallError) -> Int32
  /// Opens a pipe or a device for writing.
  func openStream(_ path: String) throws(SystemCallError) -> Int32
  /// Writes at least one of `bytes` and returns the number of bytes written.
  func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemCallError) -> Int
  /// Flushes a file or folder to the disk.
  func synchronize(_ descriptor: Int32) throws(SystemCallError)
  func close(_ descriptor: Int32) throws(SystemCallError)
  func rename(_ path: String, to newPath: String) throws(SystemCallError)
  func remove(_ path: String) throws(SystemCallError)
}

/// The real system calls, repeated if a signal interrupts them.
package struct SystemFileSystem: FileSystem {
  package init() {}

  package func createFile(_ path: String) throws(SystemCallError) -> Int32 {
    try retryingInterrupted { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
  }

  package func openFolder(_ path: String) throws(SystemCallError) -> Int32 {
    try retryingInterrupted { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  }

  package func openStream(_ path: String) throws(SystemCallError) -> Int32 {
    try retryingInterrupted { open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY) }
  }

  package func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemCallError) -> Int {
    let count = try retryingInterrupted { MoultPlatform.write(descriptor, bytes.baseAddress, bytes.count) }
    guard count > 0 else { throw SystemCallError(EIO) }
    return count
  }

  package func synchronize(_ descriptor: Int32) throws(SystemCallError) {
    #if canImport(Darwin)
      // fsync on macOS stops at the drive's cache; file systems without F_FULLFSYNC fall back to it.
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
    #endif
    do {
      _ = try retryingInterrupted { fsync(descriptor) }
    } catch  where error.code == EINVAL || error.code == ENOTSUP {
      // Some file systems cannot flush a folder; then nothing more can be done.
    }
  }

  package func close(_ descriptor: Int32) throws(SystemCallError) {
    let result = MoultPlatform.close(descriptor)
    // After an interruption the descriptor is closed; a second call could close a file that another thread has opened.
    if result != 0, errno != EINTR { throw SystemCallError(errno) }
  }

  package func rename(_ path: String, to newPath: String) throws(SystemCallError) {
    let result = MoultPlatform.rename(path, newPath)
    if result != 0 { throw SystemCallError(errno) }
  }

  package func remove(_ path: String) throws(SystemCallError) {
    if unlink(path) != 0 { throw SystemCallError(errno) }
  }
}

extension SystemCallError {
  /// Whether the error is that the file already exists.
  var isFileExists: Bool { code == EEXIST }
}
