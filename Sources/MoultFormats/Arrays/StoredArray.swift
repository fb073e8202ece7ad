import MoultCore

/// An array in a file, whose rows are read on request: it may be larger than memory.
///
///     let array = try StoredArray(npy: "x.npy")
///     let batch = try array.rows(0..<100)      // [100, ...]
///
/// The header is checked when the file is opened. The file is not mapped into memory but read, because a mapped file
/// that becomes shorter ends the program. Types that tensors do not have are converted as by ``NPY``.
public struct StoredArray: Sendable {
  /// The sizes of the array; the first one is the number of rows.
  public let shape: [Int]
  /// The type of the tensors that ``rows(_:)`` returns.
  public var dtype: DType { element.kind.tensorDType }
  /// The name of the array in error messages.
  package let location: String
  /// The bytes of the elements, in C order.
  private let bytes: RandomAccessBytes
  private let element: NPYElement

  /// Opens a .npy file.
  ///
  /// - Throws: `.noInput` if the file cannot be read, `.badData` if it is gzip-compressed, damaged, in Fortran order or
  ///   of an unsupported type.
  public init(npy path: String) throws(MoultError) {
    try self.init(npy: Gzip.uncompressedFile(path), location: path)
  }

  /// Opens an IDX file, the format of MNIST.
  ///
  /// - Throws: `.noInput` if the file cannot be read, `.badData` if it is gzip-compressed, damaged or of an unsupported
  ///   type.
  public init(idx path: String) throws(MoultError) {
    let bytes = try Gzip.uncompressedFile(path)
    var source = ByteSource(bytes, location: path)
    let header = try IDXHeader(&source)
    try self.init(
      bytes, from: source.position, element: header.element, shape: header.shape, byteCount: header.byteCount,
      location: path)
  }

  /// Opens the bytes of a .npy file.
  init(npy bytes: RandomAccessBytes, location: String) throws(MoultError) {
    var source = ByteSource(bytes, location: location)
    let header = try NPYHeader(&source)
    guard !header.isFortranOrder || header.shape.count < 2 else {
      throw MoultError(
        .badData,
        "expected an array in C order, so that a row lies in one piece, got Fortran order; save it with "
          + "numpy.ascontiguousarray(x)",
        location: location)
    }
    try self.init(
      bytes, from: source.position, element: header.element, shape: header.shape, byteCount: header.byteCount,
      location: location)
  }

  private init(
    _ bytes: RandomAccessBytes, from start: Int, element: NPYElement, shape: [Int], byteCount: Int, location: String
  ) throws(MoultError) {
    guard bytes.count - start == byteCount else {
      throw MoultError(
        .badData,
        "expected \(byteCount) bytes of numbers for sizes \(shape), got \(bytes.count - start); the file is cut short "
          + "or its header is wrong",
        location: location)
    }
    guard !shape.isEmpty else {
      throw MoultError(.badData, "expected an array of rows, got a single number", location: location)
    }
    self.bytes = RandomAccessBytes(start..<bytes.count, of: bytes, location: location)
    (self.element, self.shape, self.location) = (element, shape, location)
  }

  /// The size of a row in the file, in bytes.
  package var rowByteCount: Int { shape.dropFirst().reduce(element.kind.byteCount, *) }

  /// Tells the system that rows will be read soon, so that the disk can read several ranges at once.
  package func willRead(_ range: Range<Int>) {
    bytes.willRead(range.count * rowByteCount, at: range.lowerBound * rowByteCount)
  }

  /// Reads neighboring rows.
  ///
  /// - Parameter range: The rows, within `0..<shape[0]`.
  /// - Returns: `[range.count, ...]`.
  /// - Throws: `.badData` if the file was changed since it was opened, or for values that a tensor cannot hold;
  ///   `.noInput` if reading fails.
  public func rows(_ range: Range<Int>) throws(MoultError) -> Tensor {
    require(
      range.lowerBound >= 0 && range.upperBound <= shape[0],
      "StoredArray.rows: expected rows in 0..<\(shape[0]), got \(range)")
    try bytes.requireUnchanged()
    let shape = [range.count] + shape.dropFirst()
    let start = range.lowerBound * rowByteCount
    guard element.isStoredAsInTensor else {
      let rows = try bytes.bytes(range.count * rowByteCount, at: start)
      return try element.tensor(of: rows, shape: shape, keepingHalfPrecision: false, location: location)
    }
    var failure: MoultError?
    let result = Tensor(dtype: dtype, shape: shape) { target in
      do throws(MoultError) { try bytes.read(into: target, at: start) } catch { failure = error }
    }
    if let failure { throw failure }
    return result
  }
}
