import MoultCore

/// Bytes of a file or of memory, of which any part can be read at any time.
struct RandomAccessBytes {
  private enum Storage {
    case file(InputFile)
    case memory([UInt8])
  }

  /// The name of the bytes in messages: a path, usually.
  let location: String?
  /// How many bytes there are.
  let count: Int
  private let storage: Storage
  /// Where they begin in the storage.
  private let start: Int

  init(_ file: InputFile) {
    (location, count, storage, start) = (file.path, file.byteCount, .file(file), 0)
  }

  init(_ bytes: [UInt8], location: String?) {
    (self.location, count, storage, start) = (location, bytes.count, .memory(bytes), 0)
  }

  /// A part of `whole`, which has these bytes, under a name of its own.
  init(_ range: Range<Int>, of whole: RandomAccessBytes, location: String?) {
    (self.location, count, storage, start) = (location, range.count, whole.storage, whole.start + range.lowerBound)
  }

  /// The `count` bytes from `offset` on. The caller has checked that they are there.
  func bytes(_ count: Int, at offset: Int) throws(MoultError) -> [UInt8] {
    switch storage {
    case .file(let file): try file.bytes(count, at: start + offset)
    case .memory(let bytes): Array(bytes[(start + offset)..<(start + offset + count)])
    }
  }
}
