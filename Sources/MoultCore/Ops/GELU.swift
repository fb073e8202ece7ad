/// The Gaussian error linear unit, in its exact form.
///
///     y = x Φ(x),   dx = dy * (Φ(x) + x φ(x))
///
/// with the distribution function Φ and the density φ of the standard normal distribution.
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: close to 0 far below zero, close to x far above.
/// - Complexity: O(*n*).
/// - Source: [Hendrycks & Gimpel 2016](https://arxiv.org/abs/1606.08415).
public func gelu(_ x: Tensor) -> Tensor { activated(x, by: .gelu, "gelu") }

/// An activation whose derivative is a function of its input.
func activated(_ x: Tensor, by activation: Activation, _ operation: StaticString) -> Tensor {
  x.requireFloatingPoint("\(operation)")
  let input = x.values, needsInput = x.node != nil && gradientsEnabled
  return input.applying(activation, storingInput: needsInput, operation).recorded(operation, from: x) { gradient in
    gradient.backward(through: activation, at: input, operation)
  }
}
