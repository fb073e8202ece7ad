/// Returns the activation Mish of each element, a smooth function that keeps small negative values.
///
///     y = x tanh(softplus(x)),   softplus(x) = ln(1 + e^x)
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: approaches 0 for large negative x, and x for large positive x; NaN at minus infinity, as in PyTorch.
/// - Complexity: O(*n*).
/// - Source: [Misra 2019](https://arxiv.org/abs/1908.08681).
public func mish(_ x: Tensor) -> Tensor { activated(x, by: .mish, "mish") }
