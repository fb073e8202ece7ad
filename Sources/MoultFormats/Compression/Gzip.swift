import CZlib
import MoultCore

/// Compresses and decompresses gzip data (RFC 1952). The size of decompressed data is limited, and all checksums are
/// checked.
public enum Gzip {
  /// The largest compression ratio of deflate (a match of 258 bytes costs two bits). A file that declares more content
  /// than this allows is refused before it is decompressed.
  static let greatestRatio = 1032

  /// Returns the largest plausible size of a gzip file with `count` bytes of content. Incompressible data grow a
  /// little.
  package static func greatestByteCount(of count: Int) -> Int {
    let (sum, overflows) = count.addingReportingOverflow(count / 100 + 1024)
    return overflows ? .max : sum
  }

  /// Returns whether `bytes` begin with the two bytes that mark a gzip file.
  public static func isGzip(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  /// Opens a file whose rows are read in any order, so that it must not be compressed.
  ///
  /// - Throws: `.badData` for a gzip file, `.noInput` if the file cannot be read.
  static func uncompressedFile(_ path: String) throws(MoultError) -> RandomAccessBytes {
    let file = try InputFile(path)
    if file.byteCount >= 2, isGzip(try file.bytes(2, at: 0)) {
      throw MoultError(
        .badData,
        "expected a file without compression, so that its rows can be read in any order, got gzip; "
          + "decompress it with gunzip",
        location: path)
    }
    return RandomAccessBytes(file)
  }

  /// Decompresses a whole gzip file, with all its members if it has several.
  ///
  /// Memory grows with the decompressed bytes, not with sizes that a header declares.
  ///
  /// - Parameters:
  ///   - bytes: The gzip file.
  ///   - limit: The largest accepted size of the content, in bytes.
  ///   - location: The name of the data in error messages.
  /// - Throws: `.badData` if the content is larger than `limit`, if the data are cut short or damaged (CRC-32 or
  ///   length), or if other data follow.
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

  /// Compresses `bytes` to one gzip member. The header has no file name and no time, so equal bytes give equal files.
  ///
  /// - Parameters:
  ///   - bytes: The content.
  ///   - level: The compression level of zlib, 0 (none) to 9 (smallest).
  /// - Throws: `.failure` for another level.
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
