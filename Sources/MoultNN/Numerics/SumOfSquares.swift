import MoultCore

/// Returns the sum of the squared values, added in Float64 in a fixed order: eight partial sums, which is faster than
/// one.
///
/// - Complexity: O(*n*).
func sumOfSquares<Scalar: BinaryFloatingPoint>(_ values: UnsafeBufferPointer<Scalar>) -> Double {
  var sums = SIMD8<Double>.zero
  let whole = values.count / 8 * 8
  for start in stride(from: 0, to: whole, by: 8) {
    for lane in 0..<8 {
      let value = Double(values[start + lane])
      sums[lane] += value * value
    }
  }
  return values[whole...].reduce(sums.sum()) { $0 + Double($1) * Double($1) }
}

/// Returns the sum of the squared elements of a tensor of floating-point numbers, added in the same way.
func sumOfSquares(_ x: Tensor) -> Double {
  x.withContiguousBytes { bytes in
    x.dtype == .float64
      ? sumOfSquares(bytes.assumingMemoryBound(to: Double.self))
      : sumOfSquares(bytes.assumingMemoryBound(to: Float.self))
  }
}
