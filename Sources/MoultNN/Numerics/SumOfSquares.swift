/// The sum of the squares in Float64 and in a fixed order: eight sums side by side, as one sum alone adds slowly.
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
