/// Returns `base` to the power of `exponent`, for an exponent of at least 0, by repeated squaring.
///
/// The standard library has no `pow`, and the `pow` functions of different C libraries differ in the last bit.
///
/// - Complexity: O(log *exponent*).
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
