/// Conversions between the types of elements. Specialised code has one case of each switch.
extension TensorScalar {
  /// The nearest value of this type: rounded for floating point, truncated towards zero and clamped for integers, where
  /// NaN is 0; true for every Bool but 0, NaN included.
  package init(converting value: Double) {
    switch Self.dtype {
    case .float32: self = unsafeBitCast(Float(value), to: Self.self)
    case .float64: self = unsafeBitCast(value, to: Self.self)
    case .float16: self = unsafeBitCast(Half(rounding: value), to: Self.self)
    case .bfloat16: self = unsafeBitCast(BrainHalf(rounding: value), to: Self.self)
    case .int64: self = unsafeBitCast(Int64(clamping: value), to: Self.self)
    case .int32: self = unsafeBitCast(Int32(clamping: Int64(clamping: value)), to: Self.self)
    case .uint8: self = unsafeBitCast(UInt8(clamping: Int64(clamping: value)), to: Self.self)
    case .bool: self = unsafeBitCast(value != 0, to: Self.self)
    }
  }

  /// The nearest value of this type: rounded for floating point, clamped for integers; true for every Bool but 0.
  package init(converting value: Int64) {
    switch Self.dtype {
    case .float32: self = unsafeBitCast(Float(value), to: Self.self)
    case .float64: self = unsafeBitCast(Double(value), to: Self.self)
    case .float16: self = unsafeBitCast(Half(rounding: Double(roundingToOdd: value)), to: Self.self)
    case .bfloat16: self = unsafeBitCast(BrainHalf(rounding: Double(roundingToOdd: value)), to: Self.self)
    case .int64: self = unsafeBitCast(value, to: Self.self)
    case .int32: self = unsafeBitCast(Int32(clamping: value), to: Self.self)
    case .uint8: self = unsafeBitCast(UInt8(clamping: value), to: Self.self)
    case .bool: self = unsafeBitCast(value != 0, to: Self.self)
    }
  }

  /// The nearest Double; 0 or 1 for a Bool.
  package var asDouble: Double {
    switch Self.dtype {
    case .float32: Double(unsafeBitCast(self, to: Float.self))
    case .float64: unsafeBitCast(self, to: Double.self)
    case .float16: Double(unsafeBitCast(self, to: Half.self).float)
    case .bfloat16: Double(unsafeBitCast(self, to: BrainHalf.self).float)
    case .int64: Double(unsafeBitCast(self, to: Int64.self))
    case .int32: Double(unsafeBitCast(self, to: Int32.self))
    case .uint8: Double(unsafeBitCast(self, to: UInt8.self))
    case .bool: unsafeBitCast(self, to: Bool.self) ? 1 : 0
    }
  }

  /// The value truncated towards zero and clamped; NaN is 0, and a Bool 0 or 1.
  package var asInt64: Int64 {
    switch Self.dtype {
    case .float32: Int64(clamping: Double(unsafeBitCast(self, to: Float.self)))
    case .float64: Int64(clamping: unsafeBitCast(self, to: Double.self))
    case .float16: Int64(clamping: Double(unsafeBitCast(self, to: Half.self).float))
    case .bfloat16: Int64(clamping: Double(unsafeBitCast(self, to: BrainHalf.self).float))
    case .int64: unsafeBitCast(self, to: Int64.self)
    case .int32: Int64(unsafeBitCast(self, to: Int32.self))
    case .uint8: Int64(unsafeBitCast(self, to: UInt8.self))
    case .bool: unsafeBitCast(self, to: Bool.self) ? 1 : 0
    }
  }
}

extension Int64 {
  /// Truncates towards zero and clamps to the range; NaN is 0.
  fileprivate init(clamping value: Double) {
    if let exact = Int64(exactly: value.rounded(.towardZero)) {
      self = exact
    } else {
      self = value.isNaN ? 0 : value < 0 ? .min : .max
    }
  }
}
