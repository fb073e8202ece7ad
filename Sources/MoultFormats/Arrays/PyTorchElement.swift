/// The element type of a PyTorch storage, under the name of its class.
enum PyTorchElement: String {
  case float64 = "DoubleStorage"
  case float32 = "FloatStorage"
  case float16 = "HalfStorage"
  case bfloat16 = "BFloat16Storage"
  case int64 = "LongStorage"
  case int32 = "IntStorage"
  case int16 = "ShortStorage"
  case int8 = "CharStorage"
  case uint8 = "ByteStorage"
  case bool = "BoolStorage"

  /// The same type in NumPy, by which the numbers are read; for `bfloat16`, which NumPy does not have, `float32`, into
  /// which it is converted.
  var kind: NPYElement.Kind {
    switch self {
    case .float64: .float64
    case .float32, .bfloat16: .float32
    case .float16: .float16
    case .int64: .int64
    case .int32: .int32
    case .int16: .int16
    case .int8: .int8
    case .uint8: .uint8
    case .bool: .bool
    }
  }

  /// The size of one element in the file, in bytes.
  var byteCount: Int { self == .bfloat16 ? 2 : kind.byteCount }
}
