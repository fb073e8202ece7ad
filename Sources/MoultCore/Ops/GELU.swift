/// Returns the Gaussian error linear unit (GELU) of each element, in its exact form.
///
///     y = x Φ(x),   dx = dy * (Φ(x) + x φ(x))
///
/// Φ is the cumulative distribution function and φ the density of the standard normal distribution.
///
/// - Shapes: `x` of any shape -> the same shape; floating point.
/// - Edge cases: approaches 0 for large negative x, and x for large positive x.
/// - Complexity: O(*n*).
/// - Source: [Hendrycks & Gimpel 2016](https://arxiv.org/abs/1606.08415).
public func gelu(_ x: Tensor) -> Tensor { activated(x, by: .gelu, "gelu") }

/// Applies an activation to each element, with its gradient, if the derivative is a function of the activation's input.
func activated(_ x: Tensor, by activation: Activation, _ operation: StaticString) -> Tensor {
  x.requireFloatingPoint("\(operation)")
  let input = x.values
  guard x.node != nil, gradientsEnabled else {
    return input.applying(activation, operation).withoutHistory(operation, from: [x])
  }
  if let (y, derivative) = input.joiningWithDerivative(activation) {
    return y.recorded(operation, from: x) { gradient in gradient.multiplyingOrJoining(derivative) }
  }
  return input.mapped(activation.kernel, operation).recorded(operation, from: x) { gradient in
    gradient.multiplyingOrJoining(input.mapped(activation.requiredDerivative, operation))
  }
}
