import CZlib
import MoultCore

/// Unpacks a gzip file piece by piece: first its header, say, and then exactly what the header declares.
final class GzipReader {
  static let chunkSize = 64 * 1024
  /// What zlib's 32-bit counters take at once.
  static let greatestInput = 1 << 30

  private var input: [UInt8]
  private var position = 0
  private var isAtMemberEnd = false
  private let location: String?
  // zlib keeps a pointer back to the stream and refuses one that has moved.
  private let stream: UnsafeMutablePointer<z_stream>
  private var chunk = [UInt8](repeating: 0, count: GzipReader.chunkSize)

  init(_ bytes: [UInt8], location: String?) throws(MoultError) {
    input = bytes
    self.location = location
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 16 on top of the window bits: gzip alone, its CRC-32 and length checked.
    let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw MoultError(.failure, "zlib could not start to decompress (code \(status))", location: location)
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// The most that can still come out, by the limits of the format.
  var greatestRest: Int {
    let (bound, overflows) = (input.count - position).multipliedReportingOverflow(by: Gzip.greatestRatio)
    // zlib may hold back one window of output and the last symbol.
    return overflows ? .max : bound + 65_536
  }

  /// The next bytes, as many as there are up to `count`.
  func read(atMost count: Int) throws(MoultError) -> [UInt8] {
    var result: [UInt8] = []
    while result.count < count {
      let produced = try inflateChunk(atMost: count - result.count)
      if produced == 0 { break }
      result += chunk[..<produced]
    }
    return result
  }

  /// Whether everything has been read, and the last member's checksum and length are right. Consumes what it finds.
  func isAtEnd() throws(MoultError) -> Bool { try inflateChunk(atMost: 1) == 0 }

  /// Unpacks up to `limit` bytes into `chunk`; 0 means that the file has ended as it should.
  private func inflateChunk(atMost limit: Int) throws(MoultError) -> Int {
    let capacity = min(limit, chunk.count)
    while true {
      if isAtMemberEnd {
        if position == input.count { return 0 }
        guard Gzip.isGzip(input[position...]) else {
          throw MoultError(
            .badData,
            "gzip: expected the end of the file or another member at byte \(position), got "
              + "\(input.count - position) bytes of something else",
            location: location)
        }
        inflateReset(stream)
        isAtMemberEnd = false
      }
      let offered = min(input.count - position, GzipReader.greatestInput)
      var status = Z_OK
      let start = position
      let produced = input.withUnsafeMutableBufferPointer { source in
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
      case Z_BUF_ERROR where produced == 0 && position == input.count:
        throw MoultError(
          .badData,
          "gzip: expected more after byte \(input.count), got the end of the file; it is cut short, "
            + "fetch it again",
          location: location)
      default:
        let reason = stream.pointee.msg.map { String(cString: $0) } ?? "code \(status)"
        throw MoultError(
          .badData, "gzip: damaged near byte \(position); fetch it again", location: location, cause: reason)
      }
      if produced > 0 { return produced }
    }
  }
}
