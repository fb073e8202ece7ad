import MoultCore

/// A source of bytes that are read in order: a plain file, a gzip file, a member of a zip file, a pipe or memory.
package struct ByteSource {
  private enum Storage {
    case plain(RandomAccessBytes)
    case gzip(InflateReader)
    case zip(ZipMemberReader)
    case stream(InputStream)
  }

  /// The name of the bytes in error messages, usually a path.
  let location: String
  private let storage: Storage
  /// The number of bytes that were read.
  private(set) var position = 0

  /// Opens a file. A gzip file is recognized by its first two bytes, not by its name.
  ///
  /// - Parameter limit: The largest size of the decompressed content, in bytes. A gzip file that is larger than any
  ///   such content compresses to is refused before it is read.
  init(path: String, limit: Int) throws(MoultError) {
    location = path
    let file = try InputFile(path)
    let isGzip = file.byteCount >= 2 ? Gzip.isGzip(try file.bytes(2, at: 0)) : false
    let greatest = Gzip.greatestByteCount(of: limit)
    guard !isGzip || file.byteCount <= greatest else {
      throw MoultError(
        .badData,
        "gzip: expected at most \(greatest) bytes for a content of up to \(limit), got a file of \(file.byteCount)",
        location: path)
    }
    let bytes = RandomAccessBytes(file)
    storage = isGzip ? .gzip(try InflateReader(bytes, wrapping: .gzip)) : .plain(bytes)
  }

  /// Opens a stream that can be read only once: standard input for `-`, or a pipe.
  ///
  /// - Returns: nil for a regular file, or if it cannot be opened; `init(path:limit:)` then throws the error.
  init?(stream path: String) {
    guard let stream = InputStream(path) else { return nil }
    (location, storage) = (stream.location, .stream(stream))
  }

  package init(_ bytes: [UInt8], location: String) throws(MoultError) {
    self.location = location
    let content = RandomAccessBytes(bytes, location: location)
    storage = Gzip.isGzip(bytes) ? .gzip(try InflateReader(content, wrapping: .gzip)) : .plain(content)
  }

  /// Reads bytes that are not compressed.
  init(_ bytes: RandomAccessBytes, location: String) { (self.location, storage) = (location, .plain(bytes)) }

  /// Reads the content of a member of a zip file.
  init(_ member: ZipMemberReader) {
    location = member.location
    storage = .zip(member)
  }

  /// The number of bytes that are left. It is exact for plain bytes and for zip members, whose declared sizes are
  /// checked at the end; for gzip and pipes it is an upper bound.
  var rest: (count: Int, isExact: Bool) {
    switch storage {
    case .plain(let bytes): (bytes.count - position, true)
    case .gzip(let reader): (reader.greatestRest, false)
    case .zip(let reader): (reader.rest, true)
    case .stream(let stream): (stream.isAtEnd ? 0 : .max, false)
    }
  }

  /// Reads the next bytes: `count` of them, or fewer at the end. Memory grows with the bytes that are read, not with
  /// `count`.
  mutating func read(atMost count: Int) throws(MoultError) -> [UInt8] {
    let bytes: [UInt8] =
      switch storage {
      case .plain(let bytes): try bytes.bytes(min(count, bytes.count - position), at: position)
      case .gzip(let reader): try reader.read(atMost: count)
      case .zip(let reader): try reader.read(atMost: count)
      case .stream(let stream): try stream.read(atMost: count)
      }
    position += bytes.count
    return bytes
  }

  /// Returns whether all bytes have been read. For compressed data, throws if the checksum or the length is wrong or if
  /// other data follow.
  func isAtEnd() throws(MoultError) -> Bool {
    switch storage {
    case .plain: rest.count == 0
    case .gzip(let reader): try reader.isAtEnd()
    case .zip(let reader): try reader.isAtEnd()
    case .stream(let stream): stream.isAtEnd
    }
  }
}
