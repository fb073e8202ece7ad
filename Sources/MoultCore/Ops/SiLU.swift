/// The sigmoid linear unit, also called swish.
///
///     y = x σ(x),   dx = dy * (σ(x) + x σ(x) (1 - σ(x)))
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: close to 0 far below zero, close to x far above; NaN at minus infinity, as in PyTorch.
/// - Complexity: O(*n*).
/// - Source: [Elfwing et al. 2017](https://arxiv.org/abs/1702.03118).
public func silu(_ x: Tensor) -> Tensor { activated(x, by: .silu, "silu") }
