import Moult

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps other processes out of a study's folder; the system opens it when the process ends, however it does.
struct FolderLock {
  private let descriptor: Int32

  /// - Throws: An error of code `.usage` if another process has the folder.
  init(_ folder: String) throws(MoultError) {
    let path = folder + "/.lock"
    descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw MoultError(
        .cannotWrite, "expected a folder that can be written to", location: folder, cause: SystemCallError(errno).text)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let problem = SystemCallError(errno)
      close(descriptor)
      guard problem.code == EWOULDBLOCK else {
        throw MoultError(.cannotWrite, "the folder could not be locked", location: folder, cause: problem.text)
      }
      throw MoultError(
        .usage, "another moult reproduce works in this folder; wait for it, or choose another one with --out",
        location: folder)
    }
  }

  /// Lets others in.
  func release() { close(descriptor) }
}
