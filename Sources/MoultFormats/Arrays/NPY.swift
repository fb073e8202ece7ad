import MoultCore

/// Reads and writes NumPy's .npy files, which hold one array of numbers. Files that are gzip-compressed are
/// decompressed.
///
/// Versions 1.0, 2.0 and 3.0 are read, in both byte orders, in C order and Fortran order. Types that tensors do not
/// have are converted to the narrowest type that holds all their values: `int8`, `int16` and `uint16` become `int32`;
/// `uint32` and `uint64` become `int64` (a value of 2^63 or more is refused); `float16` becomes `float32`, unless it is
/// kept. All other types are refused, Python objects too: pickles are never loaded. A `bfloat16` tensor is written as
/// `float32`, since NumPy has no such type.
///
/// Reading is strict: the header must agree with the size of the file before memory for the numbers is allocated, and
/// the file must end after the numbers.
public enum NPY {
  /// The default limit of the size of the numbers, in the file and in memory: 4 GiB.
  public static let defaultLimit = 1 << 32

  /// Reads the array of a .npy file, gzip-compressed or not.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - limit: The largest accepted size of the numbers, in bytes.
  ///   - keepingHalfPrecision: Whether `float16` keeps its type, which takes half of the memory and has to be cast
  ///     before operations compute with it.
  /// - Throws: `.noInput` if the file cannot be read, `.badData` if it is damaged, too large or of an unsupported type.
  public static func read(
    _ path: String, limit: Int = defaultLimit, keepingHalfPrecision: Bool = false
  ) throws(MoultError) -> Tensor {
    var source = try ByteSource(path: path, limit: limit)
    return try decode(&source, limit: limit, keepingHalfPrecision: keepingHalfPrecision)
  }

  /// Reads the bytes of a .npy file, gzip-compressed or not.
  ///
  /// - Parameters:
  ///   - bytes: The content of the file.
  ///   - location: The name of the data in error messages.
  ///   - limit: The largest accepted size of the numbers, in bytes.
  ///   - keepingHalfPrecision: Whether `float16` keeps its type, which takes half of the memory and has to be cast
  ///     before operations compute with it.
  /// - Throws: `.badData` if the bytes are damaged, too large or of an unsupported type.
  public static func decode(
    _ bytes: [UInt8], location: String, limit: Int = defaultLimit, keepingHalfPrecision: Bool = false
  ) throws(MoultError) -> Tensor {
    var source = try ByteSource(bytes, location: location)
    return try decode(&source, limit: limit, keepingHalfPrecision: keepingHalfPrecision)
  }

  static func decode(
    _ source: inout ByteSource, limit: Int, keepingHalfPrecision: Bool
  ) throws(MoultError) -> Tensor {
    let location = source.location
    let header = try NPYHeader(&source, keepingHalfPrecision: keepingHalfPrecision)
    let (byteCount, shape) = (header.byteCount, header.shape)
    let rest = source.rest
    guard rest.isExact ? byteCount == rest.count : byteCount <= rest.count else {
      throw MoultError(
        .badData,
        "NPY: expected \(byteCount) bytes of numbers for sizes \(shape), got \(rest.isExact ? "" : "at most ")"
          + "\(rest.count); the file is cut short or its header is wrong",
        location: location)
    }
    guard header.neededByteCount <= limit else {
      throw MoultError(
        .badData, "NPY: expected at most \(limit) bytes of numbers, got a header for \(header.neededByteCount)",
        location: location)
    }
    let values = try source.read(atMost: byteCount)
    guard values.count == byteCount else {
      throw MoultError(
        .badData, "NPY: expected \(byteCount) bytes of numbers for sizes \(shape), got \(values.count)",
        location: location)
    }
    guard try source.isAtEnd() else {
      throw MoultError(
        .badData, "NPY: expected the end after \(byteCount) bytes of numbers, got more", location: location)
    }
    func tensor(of shape: [Int]) throws(MoultError) -> Tensor {
      try header.element.tensor(
        of: values, shape: shape, keepingHalfPrecision: keepingHalfPrecision, location: location)
    }
    guard header.isFortranOrder, shape.count > 1 else {
      return try tensor(of: shape)
    }
    // In Fortran order the first index changes fastest, so the file holds the transposed array in C order.
    let transposed = try tensor(of: shape.reversed())
    return transposed.permuted(Array(shape.indices.reversed())).contiguous()
  }

  /// Returns the bytes of a .npy file that holds `tensor`: version 1.0, little-endian, C order.
  public static func encode(_ tensor: Tensor) -> [UInt8] {
    let numbers = tensor.dtype == .bfloat16 ? tensor.cast(to: .float32) : tensor
    return NPYHeader.encode(dtype: numbers.dtype, shape: numbers.shape) + numbers.withContiguousBytes { Array($0) }
  }

  /// Writes `tensor` to a .npy file, atomically. If `path` ends in `.gz`, the file is gzip-compressed.
  ///
  /// - Throws: `.cannotWrite` if the file cannot be written.
  public static func write(_ tensor: Tensor, to path: String) throws(MoultError) {
    let bytes = encode(tensor)
    try AtomicFile.write(path.hasSuffix(".gz") ? try Gzip.compress(bytes) : bytes, to: path)
  }
}
