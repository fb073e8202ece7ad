import MoultCore

/// NumPy's .npy files: one array of numbers each. Gzip is read as it is.
///
/// Versions 1.0, 2.0 and 3.0 are read, in both byte orders and with the first or the last index running fastest. Types
/// that tensors lack become the narrowest one that holds all their values: `int8`, `int16` and `uint16` become `int32`,
/// `uint32` and `uint64` become `int64` (a value from 2^63 on is refused), `float16` becomes `float32`. Everything else
/// is refused, Python objects above all: nothing of a file is ever run.
///
/// Reading is strict. The header must agree with the size of the file before anything is allocated for the numbers, and
/// nothing may follow them.
public enum NPY {
  /// The most bytes of numbers that are read unless the caller says otherwise, in the file or in memory, whichever are
  /// more: 4 GiB.
  public static let defaultLimit = 1 << 32

  /// Reads the array of a file.
  ///
  /// - Parameter limit: the most bytes of numbers to accept.
  public static func read(_ path: String, limit: Int = defaultLimit) throws(MoultError) -> Tensor {
    var source = try ByteSource(path: path, limit: limit)
    return try decode(&source, limit: limit)
  }

  /// Reads the bytes of a .npy file. `location` is what messages call it.
  public static func decode(
    _ bytes: [UInt8], location: String, limit: Int = defaultLimit
  ) throws(MoultError) -> Tensor {
    var source = try ByteSource(bytes, location: location)
    return try decode(&source, limit: limit)
  }

  static func decode(_ source: inout ByteSource, limit: Int) throws(MoultError) -> Tensor {
    let location = source.location
    let header = try NPYHeader(&source)
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
    guard header.isFortranOrder, shape.count > 1 else {
      return try header.element.tensor(of: values, shape: shape, location: location)
    }
    // The first index runs fastest, so the file holds the rows of the transposed array.
    let transposed = try header.element.tensor(of: values, shape: shape.reversed(), location: location)
    return transposed.permuted(Array(shape.indices.reversed())).contiguous()
  }

  /// The bytes of a .npy file of `tensor`: version 1.0, little-endian, the last index running fastest.
  public static func encode(_ tensor: Tensor) -> [UInt8] {
    NPYHeader.encode(dtype: tensor.dtype, shape: tensor.shape) + tensor.withContiguousBytes { Array($0) }
  }

  /// Writes `tensor` as a .npy file, atomically; as gzip where the name ends in `.gz`.
  public static func write(_ tensor: Tensor, to path: String) throws(MoultError) {
    let bytes = encode(tensor)
    try AtomicFile.write(path.hasSuffix(".gz") ? try Gzip.compress(bytes) : bytes, to: path)
  }
}
