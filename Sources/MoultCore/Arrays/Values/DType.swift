/// The type of a tensor's elements.
public enum DType: String, Sendable, CaseIterable {
  /// 32-bit floating point, the working type.
  case float32
  /// 64-bit floating point, for checking gradients.
  case float64
  /// 64-bit signed integers.
  case int64
  /// 32-bit signed integers: class labels and indices.
  case int32
  /// 8-bit unsigned integers: raw images.
  case uint8
  /// Truth values, one byte each.
  case bool

  /// The size of one element.
  public var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .uint8, .bool: 1
    }
  }

  /// Whether gradients can flow through tensors of this type.
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }

  /// Calls `body` with the Swift type of the elements.
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

/// A Swift type that tensors can hold.
public protocol TensorScalar: Sendable, Equatable, BitwiseCopyable {
  /// The tensor type that holds these.
  static var dtype: DType { get }
  /// The value of a number of another type, rounded or truncated towards zero and clamped to the range.
  init(converting value: Double)
  /// This value as a Double.
  var asDouble: Double { get }
  /// This value as an Int64, truncated towards zero and clamped; NaN is 0.
  var asInt64: Int64 { get }
  /// The value of an integer.
  init(converting value: Int64)
}

extension Int64 {
  /// Truncates towards zero, clamps to the range, NaN is 0.
  fileprivate init(clamping value: Double) {
    if let exact = Int64(exactly: value.rounded(.towardZero)) {
      self = exact
    } else {
      self = value.isNaN ? 0 : value < 0 ? .min : .max
    }
  }
}

extension Float: TensorScalar {
  /// `.float32`.
  public static var dtype: DType { .float32 }
  /// Rounded to the nearest Float.
  public init(converting value: Double) { self = Float(value) }
  /// Rounded to the nearest Float.
  public init(converting value: Int64) { self = Float(value) }
  /// Exact.
  public var asDouble: Double { Double(self) }
  /// Truncated and clamped.
  public var asInt64: Int64 { Int64(clamping: Double(self)) }
}

extension Double: TensorScalar {
  /// `.float64`.
  public static var dtype: DType { .float64 }
  /// The same value.
  public init(converting value: Double) { self = value }
  /// Rounded to the nearest Double.
  public init(converting value: Int64) { self = Double(value) }
  /// The same value.
  public var asDouble: Double { self }
  /// Truncated and clamped.
  public var asInt64: Int64 { Int64(clamping: self) }
}

extension TensorScalar where Self: FixedWidthInteger {
  /// Converts a number: truncates towards zero and clamps to the range of the type; NaN becomes 0.
  public init(converting value: Double) { self = Self(clamping: Int64(clamping: value)) }
  /// Clamped to the range.
  public init(converting value: Int64) { self = Self(clamping: value) }
  /// Rounded to the nearest Double.
  public var asDouble: Double { Double(self) }
  /// Exact.
  public var asInt64: Int64 { Int64(self) }
}

extension Int64: TensorScalar {
  /// `.int64`.
  public static var dtype: DType { .int64 }
}

extension Int32: TensorScalar {
  /// `.int32`.
  public static var dtype: DType { .int32 }
}

extension UInt8: TensorScalar {
  /// `.uint8`.
  public static var dtype: DType { .uint8 }
}

extension Bool: TensorScalar {
  /// `.bool`.
  public static var dtype: DType { .bool }
  /// False for zero, true for everything else, NaN included.
  public init(converting value: Double) { self = value != 0 }
  /// False for zero, true for everything else.
  public init(converting value: Int64) { self = value != 0 }
  /// 0 or 1.
  public var asDouble: Double { self ? 1 : 0 }
  /// 0 or 1.
  public var asInt64: Int64 { self ? 1 : 0 }
}
