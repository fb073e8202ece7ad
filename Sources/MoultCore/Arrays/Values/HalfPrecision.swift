/// An element of a `.float16` tensor: the bits of an IEEE binary16 number. Swift's `Float16` does not exist on every
/// platform.
package struct Half: TensorScalar {
  package let bits: UInt16

  package init(bits: UInt16) { self.bits = bits }

  package static var dtype: DType { .float16 }

  /// The nearest binary16 number; of two equally near ones that with an even last bit. Numbers of 65,520 and more
  /// become infinite.
  package init(rounding value: Double) {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    let magnitude = rounded(value.magnitude, fractionBits: 10, leastExponent: -14)
    if value.isNaN {
      bits = sign | 0x7E00
    } else if magnitude >= 65_536 {
      bits = sign | 0x7C00
    } else if magnitude < 0x1p-14 {
      bits = sign | UInt16(magnitude * 0x1p24)
    } else {
      let float = Float(magnitude).bitPattern
      bits = sign | UInt16((float >> 13) - (112 << 10))
    }
  }

  /// The number, exactly.
  package var float: Float { widenedHalf(bits) }

  /// Compares the numbers: zeros are equal, and NaN differs from itself.
  package static func == (a: Half, b: Half) -> Bool { a.float == b.float }
}

/// An element of a `.bfloat16` tensor: the upper half of the bits of a `Float`.
package struct BrainHalf: TensorScalar {
  package let bits: UInt16

  package init(bits: UInt16) { self.bits = bits }

  package static var dtype: DType { .bfloat16 }

  /// The nearest bfloat16 number; of two equally near ones that with an even last bit. Numbers beyond the greatest
  /// become infinite.
  package init(rounding value: Double) {
    let magnitude = Float(rounded(value.magnitude, fractionBits: 7, leastExponent: -126))
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    bits = sign | (value.isNaN ? 0x7FC0 : UInt16(magnitude.bitPattern >> 16))
  }

  /// The number, exactly.
  package var float: Float { Float(bitPattern: UInt32(bits) << 16) }

  /// Compares the numbers: zeros are equal, and NaN differs from itself.
  package static func == (a: BrainHalf, b: BrainHalf) -> Bool { a.float == b.float }
}

/// Returns a magnitude rounded to a floating-point format, to even if it lies in the middle; the range has no upper
/// end. Scaling by powers of two is exact, so that the number is rounded once.
private func rounded(_ magnitude: Double, fractionBits: Int, leastExponent: Int) -> Double {
  guard magnitude > 0, magnitude.isFinite else { return magnitude }
  let exponent = max(Int(magnitude.exponent), leastExponent) - fractionBits
  let step = Double(sign: .plus, exponent: exponent, significand: 1)
  return (magnitude / step).rounded(.toNearestOrEven) * step
}

extension Double {
  /// A number between `value` and its neighbors that rounds to every narrower format as `value` does: if digits are
  /// lost, the last bit is set.
  init(roundingToOdd value: Int64) {
    let magnitude = value.magnitude, lost = max(0, 11 - magnitude.leadingZeroBitCount)
    let kept = (magnitude >> lost) << lost
    let number = Double(kept == magnitude ? kept : kept | (1 << lost))
    self = value < 0 ? -number : number
  }
}

/// Converts the bits of an IEEE binary16 number to `Float`, exactly.
package func widenedHalf(_ half: UInt16) -> Float {
  let sign = UInt32(half & 0x8000) << 16
  let exponent = UInt32(half >> 10) & 0x1F
  let fraction = UInt32(half & 0x3FF)
  switch exponent {
  case 0:
    // Zero or subnormal: the value is fraction · 2^-24, which is a normal Float.
    let magnitude = Float(fraction) * Float(sign: .plus, exponent: -24, significand: 1)
    return Float(bitPattern: sign | magnitude.bitPattern)
  case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
  default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}
