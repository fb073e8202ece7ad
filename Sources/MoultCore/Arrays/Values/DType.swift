/// The type of a tensor's elements.
public enum DType: String, Sendable, CaseIterable {
  /// 32-bit floating point, the default.
  case float32
  /// 64-bit floating point, for instance to check gradients.
  case float64
  /// 16-bit floating point (IEEE binary16), to store numbers in memory and files: operations that compute ask for a
  /// cast.
  case float16
  /// The upper half of the bits of a `float32`, to store numbers in memory and files: the range of `float32` with 8
  /// significant bits.
  case bfloat16
  /// 64-bit signed integers, such as the positions that `argmax` returns.
  case int64
  /// 32-bit signed integers, such as class labels.
  case int32
  /// 8-bit unsigned integers, such as raw pixels of images.
  case uint8
  /// Truth values, one byte each.
  case bool

  /// The size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16: 2
    case .uint8, .bool: 1
    }
  }

  /// Whether the elements are floating-point numbers of any width.
  public var isFloatingPoint: Bool { supportsGradients || isHalfPrecision }

  /// Whether operations compute in this type and gradients can flow through its tensors.
  public var supportsGradients: Bool { self == .float32 || self == .float64 }

  /// Whether tensors of this type only store floating-point numbers. They can be cast, reshaped, joined and selected
  /// from; to compute with them, cast them.
  public var isHalfPrecision: Bool { self == .float16 || self == .bfloat16 }

  /// Whether the elements are integers; truth values are none.
  public var isInteger: Bool { self == .int64 || self == .int32 || self == .uint8 }

  /// Calls `body` with the Swift type of the elements, such as `Float`.
  package func withScalarType<R>(_ body: (any TensorScalar.Type) -> R) -> R {
    switch self {
    case .float32: body(Float.self)
    case .float64: body(Double.self)
    case .float16: body(Half.self)
    case .bfloat16: body(BrainHalf.self)
    case .int64: body(Int64.self)
    case .int32: body(Int32.self)
    case .uint8: body(UInt8.self)
    case .bool: body(Bool.self)
    }
  }
}

/// A Swift type that tensor elements can have: Float, Double, Int64, Int32, UInt8 or Bool.
public protocol TensorScalar: Sendable, Equatable, BitwiseCopyable {
  /// The dtype of tensors with elements of this type.
  static var dtype: DType { get }
}

extension Float: TensorScalar {
  /// The dtype `.float32`.
  public static var dtype: DType { .float32 }
}

extension Double: TensorScalar {
  /// The dtype `.float64`.
  public static var dtype: DType { .float64 }
}

extension Int64: TensorScalar {
  /// The dtype `.int64`.
  public static var dtype: DType { .int64 }
}

extension Int32: TensorScalar {
  /// The dtype `.int32`.
  public static var dtype: DType { .int32 }
}

extension UInt8: TensorScalar {
  /// The dtype `.uint8`.
  public static var dtype: DType { .uint8 }
}

extension Bool: TensorScalar {
  /// The dtype `.bool`.
  public static var dtype: DType { .bool }
}
