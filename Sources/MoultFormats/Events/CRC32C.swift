/// The checksum CRC-32C (Castagnoli), which TFRecord files use.
///
/// - Source: RFC 3720, appendix B.4; masking is as in LevelDB and TensorFlow.
package enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
  }

  /// Returns the CRC-32C of `bytes`.
  ///
  /// - Complexity: O(*n*), one table look-up per byte.
  package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { value, byte in value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] }
  }

  /// Returns the masked CRC-32C, which is stored in files. Masking avoids the checksum of data that contain checksums.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let value = checksum(bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}
