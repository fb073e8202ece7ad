import MoultCore

/// The validated header of a safetensors file: its metadata, and the type, shape and position of each tensor.
public struct SafeTensorsHeader: Sendable {
  /// The entry of one tensor.
  public struct Entry: Sendable {
    /// The name of the tensor. It is never used as a path.
    public let name: String
    /// The element type of the tensor.
    public let dtype: SafeTensorsDType
    /// The shape of the tensor; empty for a scalar.
    public let shape: [Int]
    /// The offset of the first byte, from the end of the header.
    public let begin: Int
    /// The offset after the last byte, from the end of the header.
    public let end: Int
  }

  /// The metadata of the file: any texts, by key.
  public let metadata: [String: String]
  /// The entries of all tensors, in the order of their bytes, which fill the file without gaps.
  public let entries: [Entry]
  /// The offset of the first number in the file, in bytes.
  let dataOffset: Int

  init(_ file: InputFile) throws(MoultError) {
    let prefix = try file.bytes(min(8, file.byteCount), at: 0)
    let byteCount = try Self.headerByteCount(prefix, fileByteCount: file.byteCount, location: file.path)
    try self.init(
      header: try file.bytes(byteCount, at: 8), dataByteCount: file.byteCount - 8 - byteCount, location: file.path)
  }

  init(_ bytes: [UInt8], location: String) throws(MoultError) {
    let byteCount = try Self.headerByteCount(Array(bytes.prefix(8)), fileByteCount: bytes.count, location: location)
    try self.init(
      header: Array(bytes[8..<(8 + byteCount)]), dataByteCount: bytes.count - 8 - byteCount, location: location)
  }

  private init(header: [UInt8], dataByteCount: Int, location: String) throws(MoultError) {
    var parser = SafeTensorsHeaderParser(header, location: location)
    let parsed = try parser.parse()
    metadata = parsed.metadata
    entries = try Self.checked(parsed.entries, dataByteCount: dataByteCount, location: location)
    dataOffset = 8 + header.count
  }

  /// Returns the length of the header from the first eight bytes of the file. It is checked before memory is allocated.
  private static func headerByteCount(
    _ prefix: [UInt8], fileByteCount: Int, location: String
  ) throws(MoultError) -> Int {
    guard prefix.count == 8 else {
      throw MoultError(
        .badData, "safetensors: expected at least 8 bytes, got \(fileByteCount); the file is empty or cut short",
        location: location)
    }
    let byteCount = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard byteCount <= SafeTensors.greatestHeaderByteCount else {
      throw MoultError(
        .badData,
        "safetensors: expected a header of at most \(SafeTensors.greatestHeaderByteCount) bytes, got \(byteCount); "
          + "header too large, or this is no safetensors file",
        location: location)
    }
    guard Int(byteCount) <= fileByteCount - 8 else {
      throw MoultError(
        .badData,
        "safetensors: expected a header of \(byteCount) bytes, got a file with \(fileByteCount - 8) after the length; "
          + "the file is cut short",
        location: location)
    }
    return Int(byteCount)
  }

  /// Returns the entries in the order of their bytes. Throws if these have gaps or overlap, or do not fit the shapes.
  private static func checked(
    _ entries: [Entry], dataByteCount: Int, location: String
  ) throws(MoultError) -> [Entry] {
    func failure(_ entry: Entry, _ text: String) -> MoultError {
      MoultError(.badData, "safetensors: tensor \"\(entry.name)\": \(text)", location: location)
    }
    // An empty tensor begins where the next one begins, so the end offset decides their order.
    let sorted = entries.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
    var position = 0
    for entry in sorted {
      guard entry.begin <= entry.end else {
        throw failure(entry, "invalid offset: expected begin <= end, got [\(entry.begin), \(entry.end)]")
      }
      guard entry.begin == position else {
        let problem = entry.begin < position ? "overlaps the one before" : "leaves a hole before it"
        throw failure(
          entry, "invalid offset: expected its bytes to begin at \(position), got \(entry.begin); it \(problem)")
      }
      guard let byteCount = checkedByteCount(entry.shape, bitsPerElement: entry.dtype.bitCount) else {
        throw failure(
          entry,
          "expected a shape whose bytes can be counted, got \(entry.shape) of \(entry.dtype.rawValue); "
            + "overflow, or no whole number of bytes")
      }
      guard entry.end - entry.begin == byteCount else {
        throw failure(
          entry,
          "expected \(byteCount) bytes for \(entry.dtype.rawValue) \(entry.shape), got "
            + "\(entry.end - entry.begin) by its offsets")
      }
      position = entry.end
    }
    guard position == dataByteCount else {
      throw MoultError(
        .badData,
        "safetensors: expected \(position) bytes of numbers by the header, got \(dataByteCount); the file is "
          + (dataByteCount < position ? "cut short" : "not fully covered by its tensors"),
        location: location)
    }
    return sorted
  }
}
