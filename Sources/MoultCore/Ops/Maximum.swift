/// Returns the larger of each two elements.
///
///     y[i] = max(a[i], b[i]),   da = a > b ? dy : a == b ? dy / 2 : 0,   db likewise
///
/// - Shapes: two that broadcast -> the broadcast shape; both tensors of one floating-point or integer dtype.
/// - Edge cases: NaN if one of both is NaN.
/// - Complexity: O(*n*).
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { extremum(a, b, .maximum, loses: .less, "maximum") }

/// Returns the larger of each element and a number, which is converted to the tensor's dtype.
public func maximum(_ x: Tensor, _ number: Double) -> Tensor { maximum(x, Tensor(x.values.number(number, "maximum"))) }
