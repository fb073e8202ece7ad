/// Writes a Protocol Buffers message field by field, with the four wire types that event files need.
///
/// - Source: [Encoding](https://protobuf.dev/programming-guides/encoding/).
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  private enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  private mutating func key(_ field: UInt64, _ type: WireType) { varint(field << 3 | type.rawValue) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func field(_ number: UInt64, _ value: Int64) {
    key(number, .varint)
    varint(UInt64(bitPattern: value))
  }

  mutating func field(_ number: UInt64, _ value: Double) {
    key(number, .fixed64)
    bytes += littleEndianBytes(value.bitPattern)
  }

  mutating func field(_ number: UInt64, _ value: Float) {
    key(number, .fixed32)
    bytes += littleEndianBytes(value.bitPattern)
  }

  mutating func field(_ number: UInt64, _ value: [UInt8]) {
    key(number, .lengthDelimited)
    varint(UInt64(value.count))
    bytes += value
  }

  mutating func field(_ number: UInt64, _ text: String) { field(number, Array(text.utf8)) }
}

/// Returns the little-endian bytes of an integer.
func littleEndianBytes(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
