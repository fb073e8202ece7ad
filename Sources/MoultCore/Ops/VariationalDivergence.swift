/// Returns the Kullback-Leibler divergence of each weight's Gaussian distribution from the log-uniform prior, in one
/// pass over memory.
///
///     a = v - ln(w² + 1e-8),   y = k₁ - k₁ · sigmoid(k₂ + k₃ · a) + softplus(-a) / 2
///
/// - Shapes: `weight` w and `logVariance` v, the logarithm of its variance, of one shape -> the same shape; Float32.
/// - Gradient: with respect to both; the same bits as those of the formula written with single operations.
/// - Complexity: O(*n*); single operations would read and write memory about forty times.
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
