/// Returns the tanh approximation of ``gelu(_:)`` of each element, PyTorch's `gelu(x, approximate="tanh")`.
///
///     y = x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: within 5e-4 of the exact form.
/// - Complexity: O(*n*).
/// - Source: [Hendrycks & Gimpel 2016](https://arxiv.org/abs/1606.08415).
public func geluTanh(_ x: Tensor) -> Tensor { activated(x, by: .geluTanh, "geluTanh") }
