import MoultCore

/// The bytes of a table that are in memory: the unread rest of one chunk, or of several chunks if a row is longer.
final class CSVBuffer {
  /// The default limit of the size of a row in bytes. In a longer row a quote was probably never closed.
  static let usualRowLimit = 64 << 20
  static let usualChunkSize = 1 << 20

  private(set) var bytes: UnsafeMutablePointer<UInt8>
  /// The number of valid bytes in `bytes`.
  private(set) var count = 0
  /// The offset at which the next row begins.
  var position = 0
  /// The number of bytes of the source before those in memory.
  private(set) var discardedCount = 0
  /// Whether the source has no more bytes.
  private(set) var isComplete = false
  private var capacity: Int
  private let rowLimit: Int
  private var source: ByteSource

  /// - Parameters:
  ///   - source: The bytes of the table.
  ///   - chunkSize: The number of bytes that are read at once. Tests use small chunks.
  ///   - rowLimit: The approximate limit of the size of a row, in bytes.
  init(_ source: ByteSource, chunkSize: Int, rowLimit: Int) {
    self.rowLimit = rowLimit
    self.source = source
    capacity = max(chunkSize, 1)
    bytes = .allocate(capacity: capacity)
  }

  deinit { bytes.deallocate() }

  /// The bytes from `position` on. The pointer is valid until `fill`.
  var rest: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: bytes + position, count: count - position) }

  /// Reads the next bytes and appends them to the unread ones. Pointers into `bytes` become invalid.
  ///
  /// - Parameter line: The line of the current row, for messages.
  /// - Throws: `.badData` if the current row is longer than the limit.
  func fill(line: Int) throws(MoultError) {
    let kept = count - position
    if 2 * kept > capacity {
      guard capacity <= rowLimit else {
        throw MoultError(
          .badData,
          "line \(line): expected a row of at most \(rowLimit >> 20) MiB, got more; perhaps a quote that "
            + "opens in it is never closed",
          location: source.location)
      }
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: 2 * capacity)
      larger.update(from: bytes + position, count: kept)
      bytes.deallocate()
      (bytes, capacity) = (larger, 2 * capacity)
    } else {
      bytes.update(from: bytes + position, count: kept)
    }
    discardedCount += position
    (position, count) = (0, kept)
    let chunk = try source.read(atMost: capacity - kept)
    chunk.withUnsafeBufferPointer { chunk in
      if let start = chunk.baseAddress { (bytes + kept).update(from: start, count: chunk.count) }
    }
    count += chunk.count
    isComplete = chunk.isEmpty
  }
}
