import CZlib
import MoultCore

/// Decompresses deflate data in pieces, so that a header can be read before the rest.
final class InflateReader {
  /// The format around the compressed bytes.
  enum Wrapping {
    /// Gzip headers and checksums; several members may follow one another.
    case gzip
    /// No header: a member of a zip file, whose checksum is stored elsewhere.
    case none

    /// The value of zlib's parameter `windowBits`: 16 is added for gzip with checks of CRC-32 and length, a negative
    /// value means no header.
    var windowBits: Int32 { self == .gzip ? 15 + 16 : -15 }
    /// The name of the format in error messages.
    var name: String { self == .gzip ? "gzip" : "deflate" }
  }

  static let chunkSize = 64 * 1024
  /// The largest number of bytes that zlib gets at once, because its counters have 32 bits.
  static let greatestInput = 1 << 30
  /// The number of compressed bytes that are in memory at a time.
  private static let windowSize = 1 << 20

  private let bytes: RandomAccessBytes
  private let wrapping: Wrapping
  /// The compressed bytes in memory, from offset `windowStart`.
  private var window: [UInt8] = []
  private var windowStart = 0
  private var position = 0
  private var isAtMemberEnd = false
  // zlib stores a pointer to the stream and fails if the stream has moved, so the stream needs a fixed address.
  private let stream: UnsafeMutablePointer<z_stream>
  private var chunk = [UInt8](repeating: 0, count: InflateReader.chunkSize)

  /// Starts to decompress `bytes`. The memory in use does not depend on their number.
  init(_ bytes: RandomAccessBytes, wrapping: Wrapping) throws(MoultError) {
    self.bytes = bytes
    self.wrapping = wrapping
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = inflateInit2_(stream, wrapping.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw MoultError(.failure, "zlib could not start to decompress (code \(status))", location: bytes.location)
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// An upper bound of the number of decompressed bytes that have not been read yet.
  var greatestRest: Int {
    let (bound, overflows) = (bytes.count - position).multipliedReportingOverflow(by: Gzip.greatestRatio)
    // zlib can still hold one window of output and the last symbol.
    return overflows ? .max : bound + 65_536
  }

  /// Reads the next decompressed bytes: `count` of them, or fewer at the end.
  func read(atMost count: Int) throws(MoultError) -> [UInt8] {
    var result: [UInt8] = []
    while result.count < count {
      let produced = try inflateChunk(atMost: count - result.count)
      if produced == 0 { break }
      result += chunk[..<produced]
    }
    return result
  }

  /// Returns whether everything has been read. Throws if the checksum or length is wrong. If there are more bytes, one
  /// of them is lost.
  func isAtEnd() throws(MoultError) -> Bool { try inflateChunk(atMost: 1) == 0 }

  /// Reads the next compressed bytes unless two or more, enough to recognize another member, are in memory.
  private func fillWindow() throws(MoultError) {
    let end = windowStart + window.count
    guard end - position < 2, end < bytes.count else { return }
    window = try bytes.bytes(min(Self.windowSize, bytes.count - position), at: position)
    windowStart = position
  }

  /// Decompresses up to `limit` bytes into `chunk` and returns their number; 0 at a correct end of the data.
  private func inflateChunk(atMost limit: Int) throws(MoultError) -> Int {
    let capacity = min(limit, chunk.count)
    while true {
      try fillWindow()
      if isAtMemberEnd {
        if position == bytes.count { return 0 }
        guard wrapping == .gzip, Gzip.isGzip(window[(position - windowStart)...]) else {
          throw MoultError(
            .badData,
            "\(wrapping.name): expected the end \(wrapping == .gzip ? "of the file or another member " : "")at byte "
              + "\(position), got \(bytes.count - position) bytes of something else",
            location: bytes.location)
        }
        inflateReset(stream)
        isAtMemberEnd = false
      }
      let start = position - windowStart
      let offered = window.count - start
      var status = Z_OK
      let produced = window.withUnsafeMutableBufferPointer { source in
        chunk.withUnsafeMutableBufferPointer { target in
          stream.pointee.next_in = source.baseAddress.map { $0 + start }
          stream.pointee.avail_in = UInt32(offered)
          stream.pointee.next_out = target.baseAddress
          stream.pointee.avail_out = UInt32(capacity)
          status = inflate(stream, Z_NO_FLUSH)
          return capacity - Int(stream.pointee.avail_out)
        }
      }
      position += offered - Int(stream.pointee.avail_in)
      switch status {
      case Z_STREAM_END: isAtMemberEnd = true
      case Z_OK: break
      case Z_BUF_ERROR where produced == 0 && position == bytes.count:
        throw MoultError(
          .badData,
          "\(wrapping.name): expected more after byte \(bytes.count), got the end of the file; it is cut short, "
            + "fetch it again",
          location: bytes.location)
      default:
        let reason = stream.pointee.msg.map { String(cString: $0) } ?? "code \(status)"
        throw MoultError(
          .badData, "\(wrapping.name): damaged near byte \(position); fetch it again", location: bytes.location,
          cause: reason)
      }
      if produced > 0 { return produced }
    }
  }
}
