import Foundation
import MoultCore
import MoultFormats

/// Downloads gzip-compressed files into a folder. Mirrors are tried in order until one has a file with the expected
/// content.
package struct Downloader: Sendable {
  /// The maximum number of times a broken download from a mirror is resumed. It is resumed only if the last request
  /// added bytes.
  static let resumptions = 5

  let directory: String
  let mirrors: [String]
  let idleSeconds: Double
  let checksum: @Sendable ([UInt8]) throws(MoultError) -> String
  let progress: @Sendable (DownloadProgress) -> Void

  /// Creates a downloader.
  ///
  /// - Parameters:
  ///   - directory: The folder of the downloaded files; it is created if it is missing.
  ///   - mirrors: The URLs of folders that hold the files, tried in order.
  ///   - idleSeconds: The time without new data, in seconds, after which a connection has failed.
  ///   - checksum: Computes the SHA-256 of bytes, in hexadecimal.
  ///   - progress: Called after each received piece, on another thread.
  package init(
    directory: String, mirrors: [String], idleSeconds: Double = 30,
    checksum: @escaping @Sendable ([UInt8]) throws(MoultError) -> String = sha256,
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) {
    self.directory = directory
    self.mirrors = mirrors
    self.idleSeconds = idleSeconds
    self.checksum = checksum
    self.progress = progress
  }

  /// Downloads the `files` that are missing in the folder or have the wrong content. A lock on the folder makes other
  /// processes wait; if all files are right already, the folder is only read.
  ///
  /// - Throws: `.noInput` if no mirror has a file with the expected content, `.cannotWrite` if the disk refuses,
  ///   `.failure` if the checksum cannot be computed.
  package func fetch(_ files: [RemoteFile]) throws(MoultError) {
    if try areAllRight(files) { return }
    try CacheDirectory.make(directory)
    let lock = try FolderLock(directory)
    defer { lock.release() }
    for file in files { try fetch(file) }
  }

  private func areAllRight(_ files: [RemoteFile]) throws(MoultError) -> Bool {
    for file in files {
      guard let candidate = try firstCandidate(for: file), candidate.isRight else { return false }
    }
    return true
  }

  /// Returns the file that `MNIST.load(from:)` would read, and whether its content is right; nil if there is none. The
  /// name without `.gz` comes first.
  private func firstCandidate(for file: RemoteFile) throws(MoultError) -> (path: String, isRight: Bool)? {
    let paths = ["\(directory)/\(file.name)", "\(directory)/\(file.name).gz"]
    guard let path = paths.first(where: exists) else { return nil }
    return (path, try problem(with: path, file) == nil)
  }

  private func fetch(_ file: RemoteFile) throws(MoultError) {
    // A file with the wrong content must not keep its name, or it would be read instead of the right one.
    while let (path, isRight) = try firstCandidate(for: file) {
      if isRight { return }
      do {
        try SystemFileSystem().rename(path, to: "\(directory)/\(file.name).damaged")
      } catch {
        throw MoultError(
          .cannotWrite, "a file with the wrong content could not be set aside; remove it", location: path,
          cause: error.text)
      }
    }
    var tried: [String] = []
    for mirror in mirrors {
      let url = (mirror.hasSuffix("/") ? mirror : mirror + "/") + file.name + ".gz"
      if let problem = try fetch(file, from: url) {
        tried.append("\(url) (\(problem))")
      } else {
        return
      }
    }
    throw MoultError(
      .noInput,
      "\(file.name) could not be downloaded; tried \(tried.isEmpty ? "no mirror" : tried.joined(separator: ", ")). "
        + "Check the network, or put the IDX files in this folder by hand; the digits that come with Moult need neither",
      location: directory)
  }

  /// Downloads `file` from one URL.
  ///
  /// - Returns: The reason why this mirror failed; nil on success.
  /// - Throws: Errors of the disk and of the checksum, which every other mirror would have too.
  private func fetch(_ file: RemoteFile, from url: String) throws(MoultError) -> String? {
    guard let address = URL(string: url), ["http", "https"].contains(address.scheme?.lowercased()) else {
      return "expected an http or https address"
    }
    do {
      let partial = try PartialDownload(
        "\(directory)/\(file.name).incomplete", url: url,
        greatestByteCount: Gzip.greatestByteCount(of: file.byteCount)
      ) { [progress] received, total in
        progress(DownloadProgress(file: file.name, receivedBytes: received, totalBytes: total))
      }
      defer { if partial.byteCount == 0 { partial.discard() } }
      var isPatched = false
      for _ in 0...Self.resumptions {
        let headers = partial.resumingHeaders
        let before = headers.isEmpty ? 0 : partial.byteCount
        do {
          try HTTPTransfer.run(address, headers: headers, idleSeconds: idleSeconds, receiver: partial)
        } catch PartialDownload.Refusal.rangeIsGone {
          if before > 0 { continue }
          return "HTTP 416"
        } catch PartialDownload.Refusal.answer(let text) {
          return text
        } catch PartialDownload.Refusal.disk(let error) {
          throw PartialDownload.Refusal.disk(error)
        } catch {
          if partial.byteCount > before { continue }
          return describe(error)
        }
        isPatched = isPatched || before > 0
        if let problem = try problem(with: partial.path, file) {
          try partial.restart()
          // The resumed part may come from another version of the file, so the whole file is requested once more.
          guard isPatched else { return problem }
          isPatched = false
          continue
        }
        let isGzip = Gzip.isGzip((try? InputFile(partial.path).bytes(2, at: 0)) ?? [])
        try partial.complete(as: "\(directory)/\(file.name)\(isGzip ? ".gz" : "")")
        return nil
      }
      return "the connection broke \(Self.resumptions + 1) times; run it again to go on from there"
    } catch let error as MoultError {
      // Computing the checksum failed.
      throw error
    } catch {
      // Network errors have returned above, so this is an error of the disk.
      let cause =
        switch error {
        case PartialDownload.Refusal.disk(let error): error.text
        case let error as SystemCallError: error.text
        default: "\(error)"
        }
      throw MoultError(.cannotWrite, "\(file.name) could not be stored", location: directory, cause: cause)
    }
  }

  /// Returns the message of a network error, without the wrapping that Foundation adds.
  private func describe(_ error: any Error) -> String {
    (error as NSError).localizedDescription
  }

  /// Compares the file at `path` with the expected size and SHA-256 of `file`.
  ///
  /// - Returns: A description of the difference; nil if the content is right.
  /// - Throws: An error if the checksum cannot be computed; the file may be right then.
  private func problem(with path: String, _ file: RemoteFile) throws(MoultError) -> String? {
    let content: [UInt8]
    do throws(MoultError) {
      let input = try InputFile(path)
      guard input.byteCount <= Gzip.greatestByteCount(of: file.byteCount) else {
        return "expected \(file.byteCount) bytes of content, got a larger file"
      }
      let bytes = try input.bytes()
      content = Gzip.isGzip(bytes) ? try Gzip.decompress(bytes, limit: file.byteCount) : bytes
    } catch {
      return error.message
    }
    let digest = try checksum(content)
    return digest == file.sha256 ? nil : "wrong checksum: expected SHA-256 \(file.sha256), got \(digest)"
  }
}
