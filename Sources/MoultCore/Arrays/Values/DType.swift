/// The type of a tensor's elements.
public enum DType: String, Sendable, CaseIterable {
  /// 32-bit floating point, the default.
  case float32
  /// 64-bit floating point, for instance to check gradients.
  case float64
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
    case .uint8, .bool: 1
    }
  }

  /// Whether gradients can flow through tensors of this type.
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }

  /// Calls `body` with the Swift type of the elements, such as `Float`.
  package func withScalarType<R>(_ body: (any TensorScalar.Type) -> R) -> R {
    switch self {
    case .float32: body(Float.self)
    case .float64: body(Double.self)
    case .int64: body(Int64.self)
    case .int32: body(Int32.self)
    case .uint8: body(UInt8.self)
    case .bool: body(Bool.self)
    }
  }
}

/// A Swift type that tensor elements can have.
public protocol TensorScalar: Sendable, Equatable, BitwiseCopyable {
  /// The dtype of tensors with elements of this type.
  static var dtype: DType { get }
  /// Converts a Double. Floating-point types round it to the nearest value. Integers truncate it towards zero and clamp
  /// it to their range; NaN becomes 0. Bool is false for 0 and true for all other numbers.
  init(converting value: Double)
  /// This value as a Double, rounded to the nearest one if it is not exact.
  var asDouble: Double { get }
  /// This value as an Int64, truncated towards zero and clamped to the range; NaN becomes 0.
  var asInt64: Int64 { get }
  /// Converts an integer. Floating-point types round it to the nearest value, and integers clamp it to their range.
  /// Bool is false for 0 and true for all other numbers.
  init(converting value: Int64)
}

extension Int64 {
  /// Converts a Double: truncates towards zero and clamps to the range; NaN becomes 0.
  fileprivate init(clamping value: Double) {
    if let exact = Int64(exactly: value.rounded(.towardZero)) {
      self = exact
    } else {
      self = value.isNaN ? 0 : value < 0 ? .min : .max
    }
  }
}

extension Float: TensorScalar {
  /// The dtype `.float32`.
  public static var dtype: DType { .float32 }
  /// Converts a Double, rounded to the nearest Float.
  public init(converting value: Double) { self = Float(value) }
  /// Converts an integer, rounded to the nearest Float.
  public init(converting value: Int64) { self = Float(value) }
  /// This value as a Double, which is exact.
  public var asDouble: Double { Double(self) }
  /// This value as an Int64, truncated towards zero and clamped to the range; NaN becomes 0.
  public var asInt64: Int64 { Int64(clamping: Double(self)) }
}

extension Double: TensorScalar {
  /// The dtype `.float64`.
  public static var dtype: DType { .float64 }
  /// Converts a Double, which stays the same.
  public init(converting value: Double) { self = value }
  /// Converts an integer, rounded to the nearest Double.
  public init(converting value: Int64) { self = Double(value) }
  /// This value itself.
  public var asDouble: Double { self }
  /// This value as an Int64, truncated towards zero and clamped to the range; NaN becomes 0.
  public var asInt64: Int64 { Int64(clamping: self) }
}

extension TensorScalar where Self: FixedWidthInteger {
  /// Converts a Double: truncates towards zero and clamps to the range of the type; NaN becomes 0.
  public init(converting value: Double) { self = Self(clamping: Int64(clamping: value)) }
  /// Converts an integer, clamped to the range of the type.
  public init(converting value: Int64) { self = Self(clamping: value) }
  /// This value as a Double, rounded to the nearest one if it is not exact.
  public var asDouble: Double { Double(self) }
  /// This value as an Int64, which is exact.
  public var asInt64: Int64 { Int64(self) }
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
  /// Converts a Double: false for 0, true for all other numbers, including NaN.
  public init(converting value: Double) { self = value != 0 }
  /// Converts an integer: false for 0, true for all other numbers.
  public init(converting value: Int64) { self = value != 0 }
  /// This value as a Double: 1 for true, 0 for false.
  public var asDouble: Double { self ? 1 : 0 }
  /// This value as an Int64: 1 for true, 0 for false.
  public var asInt64: Int64 { self ? 1 : 0 }
}
