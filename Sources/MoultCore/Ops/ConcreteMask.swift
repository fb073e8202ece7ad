/// Returns `x` times the soft mask of concrete dropout, in one pass over memory.
///
///     keep = sigmoid((logit - noise) · slope),   y = x · (keep · scale)
///
/// - Shapes: `x` and `noise` of one shape, `logit: []`, `scale: []` -> the shape of `x`; Float32.
/// - Gradient: with respect to `x`, `logit` and `scale`; the same bits as those of the formula written with single
///   operations. `noise` is a constant.
/// - Complexity: O(*n*); single operations would read and write memory about thirty times.
/// - Source: [Gal, Hron and Kendall 2017](https://arxiv.org/abs/1705.07832), equation 5.
package func concreteMask(_ x: Tensor, noise: Tensor, logit: Tensor, slope: Float, scale: Tensor) -> Tensor {
  require(
    x.shape == noise.shape && [x, noise, logit, scale].allSatisfy { $0.dtype == .float32 },
    "concreteMask: expected float32 tensors of one shape, got \(x.dtype) \(x.shape), \(noise.dtype) \(noise.shape)")
  let input = x.values, factors = (logit: logit.item(as: Float.self), slope: slope, scale: scale.item(as: Float.self))
  let (y, keep) = input.concreteMasked(noise: noise.values, factors)
  return y.recorded(
    "concreteMask", ["slope": .double(Double(slope))], from: x, logit, scale
  ) { gradient in
    let gradients = input.concreteMaskGradients(keep: keep, upstream: gradient, factors)
    return [.values(gradients.x), .values(gradients.logit.summed(to: [])), .values(gradients.scale.summed(to: []))]
  }
}
