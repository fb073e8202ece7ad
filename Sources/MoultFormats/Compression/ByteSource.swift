import MoultCore

/// Bytes that are read in order, from a plain file, a gzip file, a member of a zip file, a pipe or memory.
package struct ByteSource {
  private enum Storage {
    case plain(RandomAccessBytes)
    case gzip(InflateReader)
    case zip(ZipMemberReader)
    case stream(InputStream)
  }

  /// The name of the bytes in messages: a path, usually.
  let location: String
  private let storage: Storage
  private var position = 0

  /// Opens a file. Whether it is gzip is seen from its first two bytes, not from its name.
  ///
  /// - Parameter limit: the most bytes of content. A gzip file that is larger than such content can become is refused
  ///   before it is read.
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

  /// Opens what can be read once only: standard input for `-`, or a pipe.
  ///
  /// - Returns: nil for a regular file, and for what cannot be opened, which the other way says.
  init?(stream path: String) {
    guard let stream = InputStream(path) else { return nil }
    (location, storage) = (stream.location, .stream(stream))
  }

  package init(_ bytes: [UInt8], location: String) throws(MoultError) {
    self.location = location
    let content = RandomAccessBytes(bytes, location: location)
    storage = Gzip.isGzip(bytes) ? .gzip(try InflateReader(content, wrapping: .gzip)) : .plain(content)
  }

  /// The content of a member of a zip file.
  init(_ member: ZipMemberReader) {
    location = member.location
    storage = .zip(member)
  }

  /// How many bytes are left: exactly for plain bytes and for members, whose sizes are declared and checked at the end,
  /// at most for gzip and a pipe.
  var rest: (count: Int, isExact: Bool) {
    switch storage {
    case .plain(let bytes): (bytes.count - position, true)
    case .gzip(let reader): (reader.greatestRest, false)
    case .zip(let reader): (reader.rest, true)
    case .stream(let stream): (stream.isAtEnd ? 0 : .max, false)
    }
  }

  /// The next bytes, as many as there are up to `count`. Memory grows with the bytes that come, not with `count`.
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

  /// Whether all is read. For packed bytes this also checks what follows the last one: checksum, length, nothing
  /// behind.
  func isAtEnd() throws(MoultError) -> Bool {
    switch storage {
    case .plain: rest.count == 0
    case .gzip(let reader): try reader.isAtEnd()
    case .zip(let reader): try reader.isAtEnd()
    case .stream(let stream): stream.isAtEnd
    }
  }
}
