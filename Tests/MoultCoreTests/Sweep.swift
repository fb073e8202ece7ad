import MoultCore
import MoultTestSupport

/// Where a Float32 function is further than `bound` units in the last place from the Double result, on `count` numbers
/// spread evenly over `range`.
func sweepErrors(
  _ range: ClosedRange<Float>, count: Int = 60_000, ulps bound: Double = 2, _ function: (Tensor) -> Tensor,
  exact: (Double) -> Double
) -> [String] {
  let step = (Double(range.upperBound) - Double(range.lowerBound)) / Double(count - 1)
  let x = (0..<count).map { Float(Double(range.lowerBound) + step * Double($0)) }
  let y = function(Tensor(x)).scalars(as: Float.self)
  var worst = (error: bound, line: "")
  for (input, result) in zip(x, y) {
    let error = ulpError(result, exact: exact(Double(input)))
    if error > worst.error { worst = (error, "at \(input): got \(result), \(error) ulp from \(exact(Double(input)))") }
  }
  return worst.line.isEmpty ? [] : [worst.line]
}

/// Numbers that trip arithmetic up.
let specials: [Float] = [
  .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
  Float(sign: .plus, exponent: -133, significand: 1), -Float(sign: .plus, exponent: -133, significand: 1),
  .leastNormalMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1, -1, 88.72283,
  88.7229, -87.33654, -103.9, -104.1, 0.624, 0.626, 1e-8, 3,
]
