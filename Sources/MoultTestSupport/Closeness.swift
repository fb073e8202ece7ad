import MoultCore

/// How many floats lie between two: 0 for equal ones, `Int.max` when signs differ or only one is NaN.
///
/// The sign comes first: a number on the wrong side of zero is wrong however small it is. Both zeros are one number.
public func ulps(_ a: Float, _ b: Float) -> Int {
  if a == b || (a.isNaN && b.isNaN) { return 0 }
  guard a.sign == b.sign, !a.isNaN, !b.isNaN else { return .max }
  return Swift.abs(Int(a.bitPattern) - Int(b.bitPattern))
}

/// The error of a Float result in units of the last place of what it should be; infinite for a wrong sign, a NaN or an
/// infinity that should not be there or is missing.
public func ulpError(_ value: Float, exact: Double) -> Double {
  let rounded = Float(exact)
  guard value.isFinite && rounded.isFinite else { return ulps(value, rounded) == 0 ? 0 : .infinity }
  guard value == 0 || exact == 0 || (value < 0) == (exact < 0) else { return .infinity }
  return (Double(value) - exact).magnitude / Double(rounded.ulp)
}

/// How `actual` differs from `expected`: shape, dtype, or elements further apart than
/// `absolute + relative * |expected|`; empty when it does not. NaN agrees with NaN.
public func mismatches(
  _ actual: Tensor, _ expected: Tensor, absolute: Double = 0, relative: Double = 0
) -> [String] {
  guard actual.shape == expected.shape, actual.dtype == expected.dtype else {
    return ["expected \(expected.shape) \(expected.dtype), got \(actual.shape) \(actual.dtype)"]
  }
  let pairs = zip(actual.scalars(as: Double.self), expected.scalars(as: Double.self))
  let lines = pairs.enumerated().compactMap { element, pair -> String? in
    let (got, wanted) = pair
    if got == wanted || (got.isNaN && wanted.isNaN) { return nil }
    if (got - wanted).magnitude <= absolute + relative * wanted.magnitude { return nil }
    return "element \(element) of \(actual.shape): expected \(wanted), got \(got)"
  }
  return Array(lines.prefix(5))
}

/// The same bits, NaN and the sign of zero included.
public func sameBits(_ a: Tensor, _ b: Tensor) -> Bool {
  a.hasBits(of: b)
}
