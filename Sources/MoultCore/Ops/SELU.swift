/// Returns SELU of each element, a scaled exponential linear unit that moves activations to mean 0 and variance 1.
///
///     y = x > 0 ? λ x : λ α (exp(x) - 1),   dx = dy * (x > 0 ? λ : λ α exp(x))
///     λ = 1.0507009873554805, α = 1.6732632423543772
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: approaches -λ α = -1.758 for large negative x; the derivative at 0 is λ α, as in PyTorch.
/// - Complexity: O(*n*).
/// - Source: [Klambauer et al. 2017](https://arxiv.org/abs/1706.02515).
public func selu(_ x: Tensor) -> Tensor {
  let input = x.values
  return input.mapped(.selu, "selu").recorded("selu", from: x) { gradient in
    gradient * input.mapped(.seluDerivative, "selu")
  }
}

/// The lower limit of the scaled exponential linear unit, -λ α.
let seluMinimum = -1.7580993408473766
