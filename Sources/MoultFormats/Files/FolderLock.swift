import MoultCore
import MoultPlatform

/// An exclusive lock of a folder between processes. The system releases it when the process ends in any way.
package struct FolderLock {
  private let descriptor: Int32

  /// Locks a folder by means of a file `.lock` in it.
  ///
  /// - Parameters:
  ///   - folder: An existing folder.
  ///   - refusal: The error to throw if another process has locked it; nil to wait for that process.
  package init(_ folder: String, orThrow refusal: MoultError? = nil) throws(MoultError) {
    do {
      descriptor = try retryingInterrupted { open(folder + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666) }
    } catch {
      throw MoultError(.cannotWrite, "expected a folder that can be written to", location: folder, cause: error.text)
    }
    do {
      let descriptor = descriptor
      _ = try retryingInterrupted { flock(descriptor, refusal == nil ? LOCK_EX : LOCK_EX | LOCK_NB) }
    } catch {
      close(descriptor)
      if let refusal, error.code == EWOULDBLOCK { throw refusal }
      throw MoultError(.cannotWrite, "the folder could not be locked", location: folder, cause: error.text)
    }
  }

  /// Locks a folder without creating a file in it, for folders that users look into. If the file system does not
  /// support this, there is no lock and no error.
  ///
  /// - Parameters:
  ///   - folder: An existing folder.
  ///   - refusal: The error to throw if another process has locked it.
  package init(folderItself folder: String, orThrow refusal: MoultError) throws(MoultError) {
    do {
      descriptor = try retryingInterrupted { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    } catch {
      throw MoultError(
        .noInput, "expected a folder that can be read; is the path right?", location: folder, cause: error.text)
    }
    // Not every file system can lock folders; then other processes are not excluded.
    let descriptor = descriptor
    do {
      _ = try retryingInterrupted { flock(descriptor, LOCK_EX | LOCK_NB) }
    } catch  where error.code == EWOULDBLOCK {
      close(descriptor)
      throw refusal
    } catch {}
  }

  /// Releases the lock.
  package func release() { close(descriptor) }
}
