import MoultCore

/// The header of a .npy file: the type of the elements, the sizes and the order.
struct NPYHeader {
  let element: NPYElement
  let shape: [Int]
  /// Whether the array is stored in Fortran order: the first index changes fastest.
  let isFortranOrder: Bool
  /// The size of all elements in the file, in bytes; known not to overflow.
  let byteCount: Int
  /// The size of all elements in the file or in the tensor, in bytes, whichever is larger.
  let neededByteCount: Int

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The largest accepted size of a header in bytes. Only structured types have longer ones, and these are not
  /// supported.
  private static let greatestByteCount = 65_535

  /// - Parameter keepingHalfPrecision: Whether the tensor will have `float16` elements where the file has.
  init(_ source: inout ByteSource, keepingHalfPrecision: Bool = false) throws(MoultError) {
    let location = source.location
    func failure(_ text: String) -> MoultError { MoultError(.badData, "NPY: \(text)", location: location) }
    let prefix = try source.read(atMost: 8)
    guard prefix.starts(with: Self.magic), prefix.count == 8 else {
      throw failure("expected a file that begins with \\x93NUMPY and a version, got something else")
    }
    let version = prefix[6]
    guard (1...3).contains(version), prefix[7] == 0 else {
      throw failure("expected version 1.0, 2.0 or 3.0, got \(version).\(prefix[7])")
    }
    let width = version == 1 ? 2 : 4
    let length = try source.read(atMost: width)
    guard length.count == width else { throw failure("expected the header's length, got the end of the file") }
    let count = version == 1 ? Int(length.unsigned16(at: 0)) : Int(length.unsigned32(at: 0))
    guard count <= Self.greatestByteCount else {
      throw failure("expected a header of at most \(Self.greatestByteCount) bytes, got \(count)")
    }
    let bytes = try source.read(atMost: count)
    guard bytes.count == count else {
      throw failure("expected a header of \(count) bytes, got \(bytes.count); the file is cut short")
    }
    var parser = NPYHeaderParser(bytes, location: location)
    let fields = try parser.parse()
    guard let element = NPYElement(fields.descr) else { throw failure(NPYElement.problem(with: fields.descr)) }
    self.element = element
    (shape, isFortranOrder) = (fields.shape, fields.isFortranOrder)
    let tensorDType = keepingHalfPrecision && element.kind == .float16 ? .float16 : element.kind.tensorDType
    // The elements of the tensor may be wider than those of the file, so the size of the tensor is checked too.
    guard let byteCount = checkedByteCount(shape, bitsPerElement: 8 * element.kind.byteCount),
      let tensorByteCount = checkedByteCount(shape, bitsPerElement: 8 * tensorDType.byteCount)
    else { throw failure("expected sizes whose product fits in memory, got \(shape)") }
    (self.byteCount, neededByteCount) = (byteCount, max(byteCount, tensorByteCount))
  }

  /// Returns the magic number, version and header for a tensor, padded to a multiple of 64 bytes.
  static func encode(dtype: DType, shape: [Int]) -> [UInt8] {
    let sizes = shape.count == 1 ? "\(shape[0])," : shape.map(String.init).joined(separator: ", ")
    let descr = NPYElement.description(of: dtype)
    let text = "{'descr': '\(descr)', 'fortran_order': False, 'shape': (\(sizes)), }"
    let before = magic.count + 4
    let padding = 63 - (before + text.utf8.count) % 64
    let header = text + String(repeating: " ", count: padding) + "\n"
    return magic + [1, 0] + withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { Array($0) }
      + Array(header.utf8)
  }
}
