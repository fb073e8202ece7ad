import MoultCore

/// The bytes of a table that are in memory: the unread rest of one chunk, or of as many chunks as one row needs.
final class CSVBuffer {
  /// A row that needs more than this is taken for one whose quote was never closed.
  static let usualRowLimit = 64 << 20
  static let usualChunkSize = 1 << 20

  private(set) var bytes: UnsafeMutablePointer<UInt8>
  /// Valid bytes.
  private(set) var count = 0
  /// Where the next row begins.
  var position = 0
  /// Whether no more bytes will come.
  private(set) var isComplete = false
  private var capacity: Int
  private let rowLimit: Int
  private var source: ByteSource

  /// - Parameters:
  ///   - chunkSize: bytes that are read at once; tests make it small.
  ///   - rowLimit: bytes that a row may need, about.
  init(_ source: ByteSource, chunkSize: Int, rowLimit: Int) {
    self.rowLimit = rowLimit
    self.source = source
    capacity = max(chunkSize, 1)
    bytes = .allocate(capacity: capacity)
  }

  deinit { bytes.deallocate() }

  /// The bytes from `position` on.
  var rest: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: bytes + position, count: count - position) }

  /// Reads the next bytes, behind those that are left. Pointers into `bytes` are no longer valid.
  ///
  /// - Parameter line: the row's line, for messages.
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
    (position, count) = (0, kept)
    let chunk = try source.read(atMost: capacity - kept)
    chunk.withUnsafeBufferPointer { chunk in
      if let start = chunk.baseAddress { (bytes + kept).update(from: start, count: chunk.count) }
    }
    count += chunk.count
    isComplete = chunk.isEmpty
  }
}
