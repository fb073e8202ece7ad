import CZlib
import MoultCore

/// Gzip files (RFC 1952): what comes out is bounded, and every checksum is checked.
public enum Gzip {
  /// Deflate cannot shrink anything by more than this factor (a 258-byte match costs two bits), so that a file that
  /// promises more is known to lie before a byte of it is unpacked.
  static let greatestRatio = 1032

  /// The most bytes that a sensible file with `count` bytes of content has: what cannot be compressed grows a little.
  package static func greatestByteCount(of count: Int) -> Int {
    let (sum, overflows) = count.addingReportingOverflow(count / 100 + 1024)
    return overflows ? .max : sum
  }

  /// Whether `bytes` begins as a gzip file does.
  public static func isGzip(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  /// Unpacks a whole gzip file, several members one after the other included.
  ///
  /// Throws if it holds more than `limit` bytes, is cut short, is damaged (CRC-32 or length), or is followed by
  /// anything else. Memory grows with what really comes out, never with what a header promises.
  public static func decompress(_ bytes: [UInt8], limit: Int, location: String? = nil) throws(MoultError) -> [UInt8] {
    let reader = try InflateReader(RandomAccessBytes(bytes, location: location), wrapping: .gzip)
    let result = try reader.read(atMost: limit)
    guard try reader.isAtEnd() else {
      throw MoultError(
        .badData, "gzip: expected at most \(limit) bytes of content, got more; the file is not what it says it is",
        location: location)
    }
    return result
  }

  /// Packs `bytes` as one gzip member. The header names no file and no time: equal bytes give equal files.
  public static func compress(_ bytes: [UInt8], level: Int = 9) throws(MoultError) -> [UInt8] {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard
      deflateInit2_(
        stream, Int32(level), Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw MoultError(.failure, "zlib could not start to compress at level \(level); expected 0...9") }
    defer { deflateEnd(stream) }
    var result: [UInt8] = []
    var input = bytes
    var position = 0
    var chunk = [UInt8](repeating: 0, count: InflateReader.chunkSize)
    var status = Z_OK
    while status != Z_STREAM_END {
      let offered = min(input.count - position, InflateReader.greatestInput)
      let isLast = position + offered == input.count
      let produced = input.withUnsafeMutableBufferPointer { source in
        chunk.withUnsafeMutableBufferPointer { target in
          stream.pointee.next_in = source.baseAddress.map { $0 + position }
          stream.pointee.avail_in = UInt32(offered)
          stream.pointee.next_out = target.baseAddress
          stream.pointee.avail_out = UInt32(target.count)
          status = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          return target.count - Int(stream.pointee.avail_out)
        }
      }
      position += offered - Int(stream.pointee.avail_in)
      result += chunk[..<produced]
      guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
        throw MoultError(.failure, "zlib failed to compress with code \(status)")
      }
    }
    return result
  }
}
