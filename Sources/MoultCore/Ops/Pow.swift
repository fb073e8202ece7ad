/// Returns each element raised to the power `exponent`.
///
///     y[i] = x[i]^e,   dx = dy * e * x^(e - 1)
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: as C's `pow`: `pow(0, 0)` is 1, and a negative base with a fractional exponent gives NaN.
/// - Complexity: O(*n*).
public func pow(_ x: Tensor, _ exponent: Double) -> Tensor {
  let input = x.values, dtype = x.dtype
  let y = NDArray.zipped(input, .full([], exponent, dtype: dtype), .pow, "pow")
  return y.recorded("pow", ["exponent": .double(exponent)], from: x) { gradient in
    guard exponent != 0 else { return .zeros(input.shape, dtype: dtype) }
    let slope = NDArray.zipped(input, .full([], exponent - 1, dtype: dtype), .pow, "pow")
    return gradient * slope * exponent
  }
}

/// Returns each element of `x` raised to the power of the matching element of `exponent`.
///
///     y[i] = x[i]^e[i],   dx = dy * e * x^(e - 1),   de = dy * y * ln x
///
/// - Shapes: two that broadcast -> the broadcast shape; both tensors of one floating-point dtype.
/// - Edge cases: where x is 0 and the exponent is not negative, the gradient with respect to the exponent is 0.
/// - Complexity: O(*n*).
public func pow(_ x: Tensor, _ exponent: Tensor) -> Tensor {
  let (base, power) = (x.values, exponent.values)
  let y = NDArray.zipped(base, power, .pow, "pow")
  return y.recorded("pow", from: x, exponent) { gradient in
    let zero = NDArray.zeros([], dtype: base.dtype)
    let slope = NDArray.selected(
      .compared(power, zero, .equal, "pow"), zero, power * .zipped(base, power - 1, .pow, "pow"), "pow")
    let isConstant = NDArray.logical(
      .compared(base, zero, .equal, "pow"), .compared(power, zero, .greaterOrEqual, "pow"), .and, "pow")
    let logarithm = NDArray.selected(isConstant, zero, base.mapped(.log, "log"), "pow")
    return [
      .values((gradient * slope).summed(to: base.shape)),
      .values((gradient * y * logarithm).summed(to: power.shape)),
    ]
  }
}

/// Returns a number, converted to the dtype of `exponent`, raised to the power of each element.
public func pow(_ base: Double, _ exponent: Tensor) -> Tensor { pow(.full([], base, dtype: exponent.dtype), exponent) }
