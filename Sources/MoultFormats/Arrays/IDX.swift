import MoultCore

/// Reads and writes IDX files, the format of MNIST: a magic number, the sizes, then the values, all big-endian. Files
/// that are gzip-compressed are decompressed.
///
/// Reading is strict: the header must agree with the size of the file before memory for the values is allocated, and
/// the file must end after the values.
public enum IDX {
  /// The default limit of the size of the values: 2 GiB.
  public static let defaultLimit = 1 << 31

  /// The largest number of dimensions that is accepted.
  static let greatestRank = 4

  /// Reads an IDX file, gzip-compressed or not.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - limit: The largest accepted size of the values, in bytes.
  /// - Returns: A tensor of `uint8`, `int32`, `float32` or `float64` with the sizes in the header.
  /// - Throws: `.noInput` if the file cannot be read, `.badData` if it is damaged, too large or not of these types.
  public static func read(_ path: String, limit: Int = defaultLimit) throws(MoultError) -> Tensor {
    var source = try ByteSource(path: path, limit: limit)
    return try decode(&source, limit: limit)
  }

  /// Reads the bytes of an IDX file, gzip-compressed or not.
  ///
  /// - Parameters:
  ///   - bytes: The content of the file.
  ///   - location: The name of the data in error messages.
  ///   - limit: The largest accepted size of the values, in bytes.
  /// - Throws: `.badData` if the bytes are damaged, too large or of another type.
  public static func decode(
    _ bytes: [UInt8], location: String, limit: Int = defaultLimit
  ) throws(MoultError) -> Tensor {
    var source = try ByteSource(bytes, location: location)
    return try decode(&source, limit: limit)
  }

  private static func decode(_ source: inout ByteSource, limit: Int) throws(MoultError) -> Tensor {
    let header = try IDXHeader(&source)
    let byteCount = header.byteCount
    let rest = source.rest
    guard rest.isExact ? byteCount == rest.count : byteCount <= rest.count else {
      throw MoultError(
        .badData,
        "IDX: expected \(byteCount) bytes of values for sizes \(header.shape), got \(rest.isExact ? "" : "at most ")"
          + "\(rest.count); the file is cut short or its header is wrong",
        location: source.location)
    }
    guard byteCount <= limit else {
      throw MoultError(
        .badData, "IDX: expected at most \(limit) bytes of values, got a header for \(byteCount)",
        location: source.location)
    }
    var values = try source.read(atMost: byteCount)
    guard values.count == byteCount else {
      throw MoultError(
        .badData, "IDX: expected \(byteCount) bytes of values for sizes \(header.shape), got \(values.count)",
        location: source.location)
    }
    guard try source.isAtEnd() else {
      throw MoultError(
        .badData, "IDX: expected the end after \(byteCount) bytes of values, got more", location: source.location)
    }
    swapBytes(of: &values, width: header.dtype.byteCount)
    return Tensor(dtype: header.dtype, shape: header.shape) { $0.copyBytes(from: values) }
  }

  /// Returns the bytes of an IDX file that holds `tensor`.
  ///
  /// - Throws: `.badData` unless `tensor` has 1 to 4 dimensions and the type `uint8`, `int32`, `float32` or `float64`.
  public static func encode(_ tensor: Tensor) throws(MoultError) -> [UInt8] {
    guard let code = IDXHeader.code(of: tensor.dtype) else {
      throw MoultError(
        .badData, "IDX: expected uint8, int32, float32 or float64 values, got \(tensor.dtype.rawValue)")
    }
    guard (1...greatestRank).contains(tensor.rank), tensor.shape.allSatisfy({ $0 <= UInt32.max }) else {
      throw MoultError(.badData, "IDX: expected 1 to \(greatestRank) sizes below 2^32, got \(tensor.shape)")
    }
    var values = tensor.withContiguousBytes { Array($0) }
    swapBytes(of: &values, width: tensor.dtype.byteCount)
    var header: [UInt8] = [0, 0, code, UInt8(tensor.rank)]
    for size in tensor.shape {
      withUnsafeBytes(of: UInt32(size).bigEndian) { header += $0 }
    }
    return header + values
  }

  /// Writes `tensor` to an IDX file, atomically. If `path` ends in `.gz`, the file is gzip-compressed.
  ///
  /// - Throws: `.badData` as ``encode(_:)``, `.cannotWrite` if the file cannot be written.
  public static func write(_ tensor: Tensor, to path: String) throws(MoultError) {
    let bytes = try encode(tensor)
    try AtomicFile.write(path.hasSuffix(".gz") ? try Gzip.compress(bytes) : bytes, to: path)
  }

  /// Reverses the bytes of each value of `width` bytes, which converts between big-endian and little-endian.
  private static func swapBytes(of values: inout [UInt8], width: Int) {
    guard width > 1 else { return }
    for start in stride(from: 0, to: values.count, by: width) {
      values[start..<(start + width)].reverse()
    }
  }
}
