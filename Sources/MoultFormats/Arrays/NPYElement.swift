import MoultCore

/// The element type and byte order of numbers in a file; .npy headers write it as `<f4`, `|u1` or `>i8`.
struct NPYElement: Equatable, Sendable {
  /// The types that can be read into a tensor without loss; `uint64` only if all values are below 2^63.
  enum Kind: String, CaseIterable, Sendable {
    case bool = "b1"
    case uint8 = "u1"
    case int8 = "i1"
    case uint16 = "u2"
    case int16 = "i2"
    case uint32 = "u4"
    case int32 = "i4"
    case uint64 = "u8"
    case int64 = "i8"
    case float16 = "f2"
    case float32 = "f4"
    case float64 = "f8"

    /// The size of one element in the file, in bytes.
    var byteCount: Int {
      switch self {
      case .bool, .uint8, .int8: 1
      case .uint16, .int16, .float16: 2
      case .uint32, .int32, .float32: 4
      case .uint64, .int64, .float64: 8
      }
    }

    /// The type of the tensor into which elements of this type are read.
    var tensorDType: DType {
      switch self {
      case .bool: .bool
      case .uint8: .uint8
      case .int8, .uint16, .int16, .int32: .int32
      case .uint32, .uint64, .int64: .int64
      case .float16, .float32: .float32
      case .float64: .float64
      }
    }
  }

  let kind: Kind
  let isBigEndian: Bool

  init(_ kind: Kind, isBigEndian: Bool) {
    (self.kind, self.isBigEndian) = (kind, isBigEndian)
  }

  /// Parses the header's `descr`; nil if no tensor can hold such elements.
  init?(_ text: String) {
    guard let order = text.first, let kind = Kind(rawValue: String(text.dropFirst())) else { return nil }
    switch order {
    case "<": isBigEndian = false
    case ">": isBigEndian = true
    case "|" where kind.byteCount == 1: isBigEndian = false
    default: return nil
    }
    self.kind = kind
  }

  /// Whether elements in the file have the bytes of elements in a tensor, on a little-endian machine.
  var isStoredAsInTensor: Bool {
    switch kind {
    case .uint8: true
    case .int32, .int64, .float32, .float64: !isBigEndian
    default: false
    }
  }

  /// Returns the `descr` that is written for a tensor of type `dtype`.
  static func description(of dtype: DType) -> String {
    switch dtype {
    case .float32: "<f4"
    case .float64: "<f8"
    case .float16: "<f2"
    case .bfloat16: "<f4"  // NumPy has no bfloat16; float32 holds all its numbers
    case .int64: "<i8"
    case .int32: "<i4"
    case .uint8: "|u1"
    case .bool: "|b1"
    }
  }

  /// Returns the error message for an unsupported `descr`, with advice on what to do.
  static func problem(with text: String) -> String {
    let accepted =
      "expected numbers that a tensor holds (" + Kind.allCases.map(\.rawValue).joined(separator: ", ") + ")"
    let remedy =
      switch text.dropFirst().first ?? text.first {
      case "O": "Python objects, which are pickles: they can run code and are never read; save numbers instead"
      case "U", "S", "a": "texts; save their numbers instead, for example those of numpy.unique(x, return_inverse=True)"
      case "M", "m": "times; save them as numbers instead, for example x.astype(\"int64\")"
      case "c": "complex numbers; save their real and imaginary parts"
      case "f": "floats of another width; convert them with x.astype(\"float32\")"
      case "V": "raw bytes; convert them before saving"
      default: "something else; convert it before saving"
      }
    return "\(accepted), got '\(text)': \(remedy)"
  }
}
