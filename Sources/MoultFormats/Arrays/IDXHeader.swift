import MoultCore

/// The header of an IDX file: the type and the sizes of the array.
struct IDXHeader {
  let dtype: DType
  let shape: [Int]
  /// The size of all values in bytes; known not to overflow.
  let byteCount: Int

  init(_ source: inout ByteSource) throws(MoultError) {
    let location = source.location
    let magic = try source.read(atMost: 4)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0 else {
      throw MoultError(
        .badData, "IDX: expected a file that begins with two zero bytes, a type and a rank, got \(magic)",
        location: location)
    }
    guard let dtype = Self.dtype(of: magic[2]) else {
      throw MoultError(
        .badData, "IDX: expected values of type 8 (uint8), 12 (int32), 13 (float32) or 14 (float64), got \(magic[2])",
        location: location)
    }
    let rank = Int(magic[3])
    guard (1...IDX.greatestRank).contains(rank) else {
      throw MoultError(.badData, "IDX: expected 1 to \(IDX.greatestRank) sizes, got \(rank)", location: location)
    }
    let sizes = try source.read(atMost: 4 * rank)
    guard sizes.count == 4 * rank else {
      throw MoultError(
        .badData, "IDX: expected \(rank) sizes in \(4 * rank) bytes, got \(sizes.count) bytes; the file is cut short",
        location: location)
    }
    shape = (0..<rank).map { axis in
      sizes[(4 * axis)..<(4 * axis + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
    self.dtype = dtype
    guard let byteCount = checkedByteCount(shape, bitsPerElement: 8 * dtype.byteCount) else {
      throw MoultError(
        .badData, "IDX: expected sizes whose product fits in memory, got \(shape)", location: location)
    }
    self.byteCount = byteCount
  }

  /// The type of the values as .npy files name it; IDX files are big-endian.
  var element: NPYElement {
    switch dtype {
    case .float32: NPYElement(.float32, isBigEndian: true)
    case .float64: NPYElement(.float64, isBigEndian: true)
    case .int32: NPYElement(.int32, isBigEndian: true)
    default: NPYElement(.uint8, isBigEndian: true)
    }
  }

  static func dtype(of code: UInt8) -> DType? {
    switch code {
    case 0x08: .uint8
    case 0x0C: .int32
    case 0x0D: .float32
    case 0x0E: .float64
    default: nil
    }
  }

  static func code(of dtype: DType) -> UInt8? {
    switch dtype {
    case .uint8: 0x08
    case .int32: 0x0C
    case .float32: 0x0D
    case .float64: 0x0E
    default: nil
    }
  }
}

/// Returns the size in bytes of an array of `shape`; nil if a product overflows or the size is not a whole number of
/// bytes.
///
/// The products of the other sizes must not overflow even if one size is 0, because strides count that size as 1.
package func checkedByteCount(_ shape: [Int], bitsPerElement: Int) -> Int? {
  var bits = 1
  for size in shape + [bitsPerElement] {
    let (product, overflows) = bits.multipliedReportingOverflow(by: max(size, 1))
    if overflows { return nil }
    bits = product
  }
  if shape.contains(0) { return 0 }
  return bits.isMultiple(of: 8) ? bits / 8 : nil
}
