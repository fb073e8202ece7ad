import MoultCore
import MoultPlatform

/// Writes files atomically: after a crash, a full disk or a power failure the file has its old or its new content,
/// never a mixture.
///
/// The bytes are written to a temporary file in the same folder. It is flushed (`fsync`) and renamed to the final name
/// (`rename`), then the folder is flushed. A symbolic link is followed, so it stays a link. If the path is not a
/// regular file (a pipe, a terminal, `/dev/stdout`), the bytes are written to it directly.
public enum AtomicFile {
  /// Replaces the content of the file at `path` by `bytes`.
  ///
  /// - Throws: `.cannotWrite` if the file cannot be written.
  public static func write(_ bytes: [UInt8], to path: String) throws(MoultError) {
    try write(to: path, fileSystem: SystemFileSystem()) { file throws(MoultError) in try file.write(bytes) }
  }

  /// Replaces the content of the file at `path` by the bytes that `body` writes. If `body` throws, the old file is
  /// unchanged and the temporary file is removed.
  package static func write(
    to path: String, fileSystem: some FileSystem = SystemFileSystem(),
    _ body: (AtomicFileWriter) throws(MoultError) -> Void
  ) throws(MoultError) {
    switch Place(path) {
    case .stream: try append(to: path, fileSystem: fileSystem, body)
    case .file(let place): try replace(place, fileSystem: fileSystem, body)
    }
  }

  private static func append(
    to path: String, fileSystem: some FileSystem, _ body: (AtomicFileWriter) throws(MoultError) -> Void
  ) throws(MoultError) {
    func failure(_ error: SystemCallError) -> MoultError {
      MoultError(.cannotWrite, "expected something that can be written to", location: path, cause: error.text)
    }
    let descriptor: Int32
    do { descriptor = try fileSystem.openStream(path) } catch { throw failure(error) }
    do throws(MoultError) {
      try body(AtomicFileWriter(descriptor: descriptor, path: path, fileSystem: fileSystem))
    } catch {
      try? fileSystem.close(descriptor)
      throw error
    }
    do { try fileSystem.close(descriptor) } catch { throw failure(error) }
  }

  private static func replace(
    _ path: String, fileSystem: some FileSystem, _ body: (AtomicFileWriter) throws(MoultError) -> Void
  ) throws(MoultError) {
    let (folder, name) = try split(path)
    func failure(_ doing: String, _ error: SystemCallError) -> MoultError {
      MoultError(.cannotWrite, doing, location: path, cause: error.text)
    }

    let folderDescriptor: Int32
    do {
      folderDescriptor = try fileSystem.openFolder(folder)
    } catch {
      throw failure("expected a folder \(folder) to write in; make it first", error)
    }
    defer { try? fileSystem.close(folderDescriptor) }

    let (temporary, descriptor) = try makeTemporary(in: folder, for: name, path: path, fileSystem: fileSystem)
    var isOpen = true
    do throws(MoultError) {
      try body(AtomicFileWriter(descriptor: descriptor, path: path, fileSystem: fileSystem))
      do {
        try fileSystem.synchronize(descriptor)
        isOpen = false
        try fileSystem.close(descriptor)
        try fileSystem.rename(temporary, to: path)
      } catch {
        throw failure("the new file could not be stored; the old one, if any, is as it was", error)
      }
    } catch {
      if isOpen { try? fileSystem.close(descriptor) }
      try? fileSystem.remove(temporary)
      throw error
    }

    do {
      try fileSystem.synchronize(folderDescriptor)
    } catch {
      throw failure(
        "the new file is complete, but its folder could not be written out; it may not outlive a crash", error)
    }
  }

  /// Creates a temporary file in the folder of `path`. Its name begins with a dot and contains a random number.
  private static func makeTemporary(
    in folder: String, for name: String, path: String, fileSystem: some FileSystem
  ) throws(MoultError) -> (path: String, descriptor: Int32) {
    // A file name has at most 255 bytes, some of them for the number.
    let stem = String(decoding: name.utf8.prefix(100), as: UTF8.self)
    var lastError = SystemCallError(0)
    for _ in 0..<16 {
      let number = String(UInt64.random(in: .min ... .max), radix: 16)
      let temporary = "\(folder)/.\(stem).\(number).tmp"
      do {
        return (temporary, try fileSystem.createFile(temporary))
      } catch {
        lastError = error
        if !error.isFileExists { break }
      }
    }
    throw MoultError(
      .cannotWrite, "expected a folder that files can be written to: \(folder)", location: path, cause: lastError.text)
  }

  /// The way in which bytes are written to a path.
  private enum Place {
    /// A regular file, which may not exist yet: it is replaced.
    case file(String)
    /// A pipe, terminal or device: bytes are appended.
    case stream

    init(_ path: String) {
      var target = stat(), link = stat()
      // A path that cannot be created, or is a folder, is treated as a file: opening its folder or renaming reports the
      // error.
      guard !path.utf8.contains(0), stat(path, &target) == 0, target.st_mode & S_IFMT != S_IFDIR else {
        self = .file(path)
        return
      }
      guard target.st_mode & S_IFMT == S_IFREG else {
        self = .stream
        return
      }
      guard lstat(path, &link) == 0, link.st_mode & S_IFMT == S_IFLNK else {
        self = .file(path)
        return
      }
      guard let real = realpath(path, nil) else {
        // A deleted file that is still open, reached through /dev/stdout.
        self = .stream
        return
      }
      self = .file(String(cString: real))
      free(real)
    }
  }

  private static func split(_ path: String) throws(MoultError) -> (folder: String, name: String) {
    guard !path.isEmpty, !path.hasSuffix("/"), !path.utf8.contains(0) else {
      throw MoultError(.cannotWrite, "expected the path of a file, got \"\(path)\"", location: path)
    }
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }
}

/// The temporary file (or stream) that `AtomicFile` writes to.
package struct AtomicFileWriter {
  let descriptor: Int32
  let path: String
  let fileSystem: any FileSystem

  /// Appends all of `bytes` to the file, in several system calls if necessary.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(MoultError) {
    var rest = bytes
    while !rest.isEmpty {
      do {
        let count = try fileSystem.write(descriptor, rest)
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } catch {
        throw MoultError(
          .cannotWrite, "writing failed with \(rest.count) bytes to go; the old file, if any, is as it was",
          location: path, cause: error.text)
      }
    }
  }

  package func write(_ bytes: [UInt8]) throws(MoultError) {
    var failure: MoultError?
    bytes.withUnsafeBytes { buffer in
      do throws(MoultError) { try write(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
