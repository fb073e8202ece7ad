import MoultCore

extension NPYElement {
  /// Returns the tensor of `shape` whose elements are stored in `bytes` with this type.
  ///
  /// - Parameter keepingHalfPrecision: Whether `float16` keeps its type; otherwise it becomes `float32`.
  /// - Precondition: `bytes` holds exactly as many elements as `shape` has.
  /// - Throws: `.badData` for a `bool` other than 0 or 1, or a `uint64` of 2^63 or more.
  func tensor(
    of bytes: [UInt8], shape: [Int], keepingHalfPrecision: Bool, location: String
  ) throws(MoultError) -> Tensor {
    func converted<Bits: FixedWidthInteger, Value: TensorScalar>(
      _ bits: Bits.Type, _ value: (Bits) -> Value
    ) -> Tensor {
      Tensor(dtype: Value.dtype, shape: shape) { target in
        bytes.withUnsafeBytes { source in
          for index in 0..<(source.count / MemoryLayout<Bits>.size) {
            let raw = source.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
            target.storeBytes(
              of: value(isBigEndian ? Bits(bigEndian: raw) : Bits(littleEndian: raw)),
              toByteOffset: index * MemoryLayout<Value>.stride, as: Value.self)
          }
        }
      }
    }
    switch kind {
    case .bool:
      if let byte = bytes.first(where: { $0 > 1 }) {
        throw MoultError(.badData, "NPY: expected truth values of 0 or 1, got \(byte)", location: location)
      }
      return Tensor(dtype: .bool, shape: shape) { $0.copyBytes(from: bytes) }
    case .uint8: return Tensor(dtype: .uint8, shape: shape) { $0.copyBytes(from: bytes) }
    case .int8: return converted(UInt8.self) { Int32(Int8(bitPattern: $0)) }
    case .uint16: return converted(UInt16.self) { Int32($0) }
    case .int16: return converted(UInt16.self) { Int32(Int16(bitPattern: $0)) }
    case .uint32: return converted(UInt32.self) { Int64($0) }
    case .int32: return converted(UInt32.self) { Int32(bitPattern: $0) }
    case .uint64:
      let result = converted(UInt64.self) { Int64(bitPattern: $0) }
      if let value = result.scalars(as: Int64.self).first(where: { $0 < 0 }) {
        throw MoultError(
          .badData,
          "NPY: expected values below 2^63, got \(UInt64(bitPattern: value)); convert them with x.astype(\"float64\")",
          location: location)
      }
      return result
    case .int64: return converted(UInt64.self) { Int64(bitPattern: $0) }
    case .float16 where keepingHalfPrecision: return converted(UInt16.self) { Half(bits: $0) }
    case .float16: return converted(UInt16.self) { widenedHalf($0) }
    case .float32: return converted(UInt32.self) { Float(bitPattern: $0) }
    case .float64: return converted(UInt64.self) { Double(bitPattern: $0) }
    }
  }
}
