/// Returns the sigmoid linear unit (SiLU) of each element, also called swish.
///
///     y = x σ(x),   dx = dy * (σ(x) + x σ(x) (1 - σ(x)))
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: approaches 0 for large negative x, and x for large positive x; NaN at minus infinity, as in PyTorch.
/// - Complexity: O(*n*).
/// - Source: [Elfwing et al. 2017](https://arxiv.org/abs/1702.03118).
public func silu(_ x: Tensor) -> Tensor { activated(x, by: .silu, "silu") }
