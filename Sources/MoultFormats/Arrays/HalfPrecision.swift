/// Converts the bits of an IEEE binary16 number to `Float`, exactly. `Float16` does not exist on every platform.
func widenedHalf(_ half: UInt16) -> Float {
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
