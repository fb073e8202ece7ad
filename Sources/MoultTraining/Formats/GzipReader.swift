import CZlib
import MoultCore

/// Unpacks a gzip file piece by piece: first its header, say, and then exactly what the header declares.
final class GzipReader {
  static let chunkSize = 64 * 1024
  /// What zlib's 32-bit counters take at once.
  static let greatestInput = 1 << 30
  /// Compressed bytes in memory at a time.
  private static let windowSize = 1 << 20

  private let byteCount: Int
  private let load: (_ count: Int, _ offset: Int) throws(MoultError) -> [UInt8]
  /// The compressed bytes from `windowStart` on.
  private var window: [UInt8] = []
  private var windowStart = 0
  private var position = 0
  private var isAtMemberEnd = false
  private let location: String?
  // zlib keeps a pointer back to the stream and refuses one that has moved.
  private let stream: UnsafeMutablePointer<z_stream>
  private var chunk = [UInt8](repeating: 0, count: GzipReader.chunkSize)

  convenience init(_ bytes: [UInt8], location: String?) throws(MoultError) {
    try self.init(byteCount: bytes.count, location: location) { count, offset in Array(bytes[offset..<offset + count]) }
  }

  /// Reads the file piece by piece: what is in memory does not depend on its size.
  convenience init(_ file: InputFile) throws(MoultError) {
    try self.init(byteCount: file.byteCount, location: file.path) { count, offset throws(MoultError) in
      try file.bytes(count, at: offset)
    }
  }

  private init(
    byteCount: Int, location: String?, load: @escaping (_ count: Int, _ offset: Int) throws(MoultError) -> [UInt8]
  ) throws(MoultError) {
    self.byteCount = byteCount
    self.load = load
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
    let (bound, overflows) = (byteCount - position).multipliedReportingOverflow(by: Gzip.greatestRatio)
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

  /// Loads what comes next unless two bytes, a member's mark, are there.
  private func fillWindow() throws(MoultError) {
    let end = windowStart + window.count
    guard end - position < 2, end < byteCount else { return }
    window = try load(min(Self.windowSize, byteCount - position), position)
    windowStart = position
  }

  /// Unpacks up to `limit` bytes into `chunk`; 0 means that the file has ended as it should.
  private func inflateChunk(atMost limit: Int) throws(MoultError) -> Int {
    let capacity = min(limit, chunk.count)
    while true {
      try fillWindow()
      if isAtMemberEnd {
        if position == byteCount { return 0 }
        guard Gzip.isGzip(window[(position - windowStart)...]) else {
          throw MoultError(
            .badData,
            "gzip: expected the end of the file or another member at byte \(position), got "
              + "\(byteCount - position) bytes of something else",
            location: location)
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
      case Z_BUF_ERROR where produced == 0 && position == byteCount:
        throw MoultError(
          .badData,
          "gzip: expected more after byte \(byteCount), got the end of the file; it is cut short, "
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
