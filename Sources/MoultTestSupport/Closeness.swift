import MoultCore

/// Returns the distance of two floats in units in the last place: 0 if they are equal or both NaN, `Int.max` if their
/// signs differ or only one is NaN.
///
/// A wrong sign counts as the largest error however small the numbers are. The zeros 0 and -0 are equal.
public func ulps(_ a: Float, _ b: Float) -> Int {
  if a == b || (a.isNaN && b.isNaN) { return 0 }
  guard a.sign == b.sign, !a.isNaN, !b.isNaN else { return .max }
  return Swift.abs(Int(a.bitPattern) - Int(b.bitPattern))
}

/// Returns the error of a Float result in units in the last place of the exact value. It is infinite if the sign is
/// wrong, or if only one of the two is NaN or infinite.
public func ulpError(_ value: Float, exact: Double) -> Double {
  let rounded = Float(exact)
  guard value.isFinite && rounded.isFinite else { return ulps(value, rounded) == 0 ? 0 : .infinity }
  guard value == 0 || exact == 0 || (value < 0) == (exact < 0) else { return .infinity }
  return (Double(value) - exact).magnitude / Double(rounded.ulp)
}

/// Returns messages on how `actual` differs from `expected`, at most five: another shape or type, or elements whose
/// difference exceeds `absolute + relative * |expected|`. Empty if the tensors agree. NaN agrees with NaN.
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

/// Whether two tensors have the same bits. NaN payloads and the signs of zeros count.
public func sameBits(_ a: Tensor, _ b: Tensor) -> Bool {
  a.hasBits(of: b)
}
