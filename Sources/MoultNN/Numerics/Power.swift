/// base^exponent by repeated squaring: the standard library has no `pow`, and the C library's differ in the last bit.
func power(_ base: Double, _ exponent: Int64) -> Double {
  var result = 1.0
  var factor = base
  var rest = exponent
  while rest > 0 {
    if rest & 1 == 1 { result *= factor }
    factor *= factor
    rest >>= 1
  }
  return result
}
