import Foundation
import MoultCore
import MoultFormats

/// Fetches gzip files into a folder, from the first of several mirrors that has the right content.
package struct Downloader: Sendable {
  /// How often a mirror that breaks off is asked to go on, as long as something came.
  static let resumptions = 5

  let directory: String
  let mirrors: [String]
  let idleSeconds: Double
  let checksum: @Sendable ([UInt8]) throws(MoultError) -> String
  let progress: @Sendable (DownloadProgress) -> Void

  /// - Parameter checksum: computes the SHA-256 of bytes in hexadecimal.
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

  /// Makes sure that all `files` are in the folder and right. Only one process at a time does so; a folder in which
  /// all is right already is only read.
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

  /// The file that a reader of the folder would take, who prefers the name without `.gz`.
  private func firstCandidate(for file: RemoteFile) throws(MoultError) -> (path: String, isRight: Bool)? {
    let paths = ["\(directory)/\(file.name)", "\(directory)/\(file.name).gz"]
    guard let path = paths.first(where: exists) else { return nil }
    return (path, try problem(with: path, file) == nil)
  }

  private func fetch(_ file: RemoteFile) throws(MoultError) {
    // A wrong file must not keep its name: it would be read in place of the right one.
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

  /// Fetches `file` from one address.
  ///
  /// - Returns: why that failed, or nil.
  /// - Throws: errors of the disk and of the checksum, which no other mirror can mend.
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
          // Two halves may not belong together: then the whole is asked for once more.
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
      // The checksum could not be computed.
      throw error
    } catch {
      // Everything else has been answered above: what comes here is the disk's refusal.
      let cause =
        switch error {
        case PartialDownload.Refusal.disk(let error): error.text
        case let error as SystemCallError: error.text
        default: "\(error)"
        }
      throw MoultError(.cannotWrite, "\(file.name) could not be stored", location: directory, cause: cause)
    }
  }

  /// The text of a network error, without Foundation's wrapping.
  private func describe(_ error: any Error) -> String {
    (error as NSError).localizedDescription
  }

  /// Describes how the content of the file at `path` differs from the expected one; nil if it does not.
  ///
  /// - Throws: an error of the checksum, which says nothing about the file.
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
