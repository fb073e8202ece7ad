/// The divergence of weights with Gaussian noise from the log-uniform prior, element by element, in one pass.
///
///     a = v - ln(w² + 1e-8),   y = k₁ - k₁ · sigmoid(k₂ + k₃ · a) + softplus(-a) / 2
///
/// - Shapes: `weight` w and `logVariance` v of one shape, kept; Float32.
/// - Gradient: of both, the same bits as the chain of the operations above.
/// - Complexity: O(*n*); a chain of operations reads and writes memory some forty times.
/// - Source: [Molchanov, Ashukha and Vetrov 2017](https://arxiv.org/abs/1701.05369), equation 14.
package func variationalDivergence(weight: Tensor, logVariance: Tensor) -> Tensor {
  let w = weight.values, v = logVariance.values
  require(
    w.shape == v.shape && w.dtype == .float32 && v.dtype == .float32,
    "variationalDivergence: expected two float32 tensors of one shape, got \(w.dtype) \(w.shape), \(v.dtype) \(v.shape)"
  )
  return w.divergence(logVariance: v).recorded("variationalDivergence", from: weight, logVariance) { gradient in
    let gradients = w.divergenceGradients(logVariance: v, upstream: gradient)
    return [.values(gradients.weight), .values(gradients.logVariance)]
  }
}
