import CMoultKernels

private let kernel = BinaryKernel(f32: mk_pow_f32, f64: mk_pow_f64)

/// Each element raised to a power.
///
///     y[i] = x[i]^e,   dx = dy * e * x^(e - 1)
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: as C's `pow`: `pow(0, 0)` is 1, a negative base with a fractional exponent NaN.
/// - Complexity: O(*n*).
public func pow(_ x: Tensor, _ exponent: Double) -> Tensor {
  let input = x.detached(), dtype = x.dtype
  let y = Tensor.zipped(input, .full([], exponent, dtype: dtype), kernel, "pow")
  return y.recorded("pow", from: x) { gradient in
    guard exponent != 0 else { return [.zeros(input.shape, dtype: dtype)] }
    let slope = Tensor.zipped(input, .full([], exponent - 1, dtype: dtype), kernel, "pow")
    return [gradient * slope * exponent]
  }
}

/// Each element of `x` raised to the power of the matching element of `exponent`.
///
///     y[i] = x[i]^e[i],   dx = dy * e * x^(e - 1),   de = dy * y * ln x
///
/// - Shapes: any two that broadcast together.
/// - Edge cases: where x is 0 the gradient by the exponent is 0 for exponents that are not negative.
/// - Complexity: O(*n*).
public func pow(_ x: Tensor, _ exponent: Tensor) -> Tensor {
  let (base, power) = (x.detached(), exponent.detached())
  let y = Tensor.zipped(base, power, kernel, "pow")
  return y.recorded("pow", from: x, exponent) { gradient in
    let slope = select(power .== 0, .zeros([], dtype: base.dtype), power * .zipped(base, power - 1, kernel, "pow"))
    let logarithm = select((base .== 0) .& (power .>= 0), .zeros([], dtype: base.dtype), log(base))
    return [(gradient * slope).summed(to: base.shape), (gradient * y * logarithm).summed(to: power.shape)]
  }
}
