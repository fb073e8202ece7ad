/// Mish, a smooth activation that lets small negative values through.
///
///     y = x tanh(softplus(x)),   softplus(x) = ln(1 + e^x)
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: close to 0 far below zero, close to x far above; NaN at minus infinity, as in PyTorch.
/// - Complexity: O(*n*).
/// - Source: [Misra 2019](https://arxiv.org/abs/1908.08681).
public func mish(_ x: Tensor) -> Tensor { activated(x, by: .mish, "mish") }
