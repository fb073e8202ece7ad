import MoultCore

/// IDX files, the format of MNIST: a magic number, the sizes, then the values, all big-endian. Gzip is read as it is.
///
/// Reading is strict. The header must agree with the size of the file before anything is allocated for the values, and
/// nothing may follow them.
public enum IDX {
  /// The most bytes of values that are read unless the caller says otherwise: 2 GiB.
  public static let defaultLimit = 1 << 31

  /// Most dimensions an IDX file may have here.
  static let greatestRank = 4

  /// Reads an IDX file, gzip-compressed or not.
  ///
  /// - Parameter limit: the most bytes of values to accept.
  public static func read(_ path: String, limit: Int = defaultLimit) throws(MoultError) -> Tensor {
    var source = try ByteSource(path: path, limit: limit)
    return try decode(&source, limit: limit)
  }

  /// Reads the bytes of an IDX file, gzip-compressed or not. `location` is what messages call it.
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

  /// The bytes of an IDX file of `tensor`, which has 1 to 4 dimensions and holds no 64-bit integers or booleans.
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

  /// Writes `tensor` as an IDX file, atomically; as gzip where the name ends in `.gz`.
  public static func write(_ tensor: Tensor, to path: String) throws(MoultError) {
    let bytes = try encode(tensor)
    try AtomicFile.write(path.hasSuffix(".gz") ? try Gzip.compress(bytes) : bytes, to: path)
  }

  /// Turns big-endian values into little-endian ones and back.
  private static func swapBytes(of values: inout [UInt8], width: Int) {
    guard width > 1 else { return }
    for start in stride(from: 0, to: values.count, by: width) {
      values[start..<(start + width)].reverse()
    }
  }
}
