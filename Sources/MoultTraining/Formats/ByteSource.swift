import MoultCore

/// Bytes that are read in order, from a plain file, a gzip file or memory.
struct ByteSource {
  private enum Storage {
    case file(InputFile)
    case memory([UInt8])
    case gzip(GzipReader)
  }

  /// What messages call it: a path, usually.
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
    storage = isGzip ? .gzip(try GzipReader(file)) : .file(file)
  }

  init(_ bytes: [UInt8], location: String) throws(MoultError) {
    self.location = location
    storage = Gzip.isGzip(bytes) ? .gzip(try GzipReader(bytes, location: location)) : .memory(bytes)
  }

  /// How many bytes are left: exactly for plain bytes, at most for compressed ones.
  var rest: (count: Int, isExact: Bool) {
    switch storage {
    case .file(let file): (file.byteCount - position, true)
    case .memory(let bytes): (bytes.count - position, true)
    case .gzip(let reader): (reader.greatestRest, false)
    }
  }

  /// The next bytes, as many as there are up to `count`. Memory grows with what is there, not with what was asked for.
  mutating func read(atMost count: Int) throws(MoultError) -> [UInt8] {
    let bytes: [UInt8] =
      switch storage {
      case .file(let file): try file.bytes(min(count, file.byteCount - position), at: position)
      case .memory(let bytes): Array(bytes[position..<(position + min(count, bytes.count - position))])
      case .gzip(let reader): try reader.read(atMost: count)
      }
    position += bytes.count
    return bytes
  }

  /// Whether all is read. For gzip this also checks what follows the last byte: checksum, length, nothing behind.
  func isAtEnd() throws(MoultError) -> Bool {
    switch storage {
    case .gzip(let reader): try reader.isAtEnd()
    default: rest.count == 0
    }
  }
}
