import MoultCore

/// Bytes of a file or of memory that can be read at any offset.
struct RandomAccessBytes: Sendable {
  private enum Storage: Sendable {
    case file(InputFile)
    case memory([UInt8])
  }

  /// The name of the bytes in error messages, usually a path.
  let location: String?
  /// The number of bytes.
  let count: Int
  private let storage: Storage
  /// The offset of the first byte in the storage.
  private let start: Int

  init(_ file: InputFile) {
    (location, count, storage, start) = (file.path, file.byteCount, .file(file), 0)
  }

  init(_ bytes: [UInt8], location: String?) {
    (self.location, count, storage, start) = (location, bytes.count, .memory(bytes), 0)
  }

  /// Creates a part of `whole`, which contains the range, with a name of its own.
  init(_ range: Range<Int>, of whole: RandomAccessBytes, location: String?) {
    (self.location, count, storage, start) = (location, range.count, whole.storage, whole.start + range.lowerBound)
  }

  /// Reads `count` bytes from `offset` on. The caller has checked that they exist.
  func bytes(_ count: Int, at offset: Int) throws(MoultError) -> [UInt8] {
    switch storage {
    case .file(let file): try file.bytes(count, at: start + offset)
    case .memory(let bytes): Array(bytes[(start + offset)..<(start + offset + count)])
    }
  }

  /// Fills `buffer` with the bytes from `offset` on. The caller has checked that they exist.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(MoultError) {
    switch storage {
    case .file(let file): try file.read(into: buffer, at: start + offset)
    case .memory(let bytes): buffer.copyBytes(from: bytes[(start + offset)..<(start + offset + buffer.count)])
    }
  }

  /// Tells the system that `count` bytes from `offset` on will be read soon.
  func willRead(_ count: Int, at offset: Int) {
    if case .file(let file) = storage { file.willRead(count, at: start + offset) }
  }

  /// Throws `.badData` if the bytes are those of a file that was changed since it was opened.
  func requireUnchanged() throws(MoultError) {
    if case .file(let file) = storage { try file.requireUnchanged() }
  }
}
