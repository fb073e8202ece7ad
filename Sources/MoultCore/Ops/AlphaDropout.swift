/// Returns alpha dropout of `x`: sets each unit with probability `rate` to the lower limit of `selu`, then scales and
/// shifts all units to keep mean 0 and variance 1. Returns `x` in evaluation mode.
///
///     y[i] = m[i] ? a x[i] + b : a α' + b,   m[i] ~ Bernoulli(1 - rate)
///     α' = -λ α = -1.7580993408473766,   a = (q + α'² q rate)^(-1/2),   b = -a rate α',   q = 1 - rate
///
/// If the elements of `x` have mean 0 and variance 1, so have those of `y`.
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`; a tensor of rank 0 or 1 is one sample.
/// - Parameters:
///   - rate: the probability of *dropping* a unit, in 0...1.
///   - mode: training, evaluation or sampling; there is no default, so that no unit is dropped by accident.
///   - sharing: which elements share a mask unit and are dropped together; `.channels` is feature alpha dropout.
///   - stream: the number of the random stream, in 0..<2^31, which takes the place of a layer's number;
///     if nil, the calls of a step are numbered in their order, and outside a step each call has a stream of its own.
///   - batchAxis: the axis of the samples, counted from the end if negative.
/// - Gradient: `dx[i] = m[i] ? a dy[i] : 0`, with the forward pass's mask.
/// - Edge cases: `rate == 0` returns `x` and draws nothing; `rate == 1` gives zeros, as in PyTorch. NaN and infinity in
///   a dropped unit do not affect the result.
/// - Complexity: O(*n*) time; one byte for each mask unit is kept for the backward pass.
/// - Source: [Klambauer et al. 2017](https://arxiv.org/abs/1706.02515).
public func alphaDropout(
  _ x: Tensor, rate: Double, mode: Mode, sharing: MaskSharing = .elementwise, stream: Int? = nil, batchAxis: Int = 0
) -> Tensor {
  requireRate(rate, "alphaDropout")
  sharing.requireFits(x, batchAxis: batchAxis)
  guard rate > 0, let use = MaskUse.functional(mode, stream: stream) else { return x }
  return alphaDropout(x, rate: rate, use: use, batchAxis: batchAxis, sharing: sharing)
}

/// Returns alpha dropout of `x` for a layer, with `use`, the key of the layer's mask call.
package func alphaDropout(
  _ x: Tensor, rate: Double, use: MaskUse, batchAxis: Int, sharing: MaskSharing
) -> Tensor {
  x.requireFloatingPoint("alphaDropout")
  guard rate < 1 else { return x.replacedByZeros("alphaDropout", sharing) }
  let (scale, shift) = alphaDropoutScaling(rate)
  return sharing.onBatchFirst(x, batchAxis: batchAxis, use: use) { x, use, shared in
    let mask = SharedMask(use, rate: rate, shape: x.shape, shared: shared, order: x.values.orderOfSamples)
    return mask.applied(to: x.values, scale: scale, shift: shift, dropped: scale * seluMinimum + shift)
      .recorded("alphaDropout", ["rate": .double(rate), "sharing": .text("\(sharing)")], from: x) {
        mask.applied(to: $0, scale: scale)
      }
  }
}

/// Returns the scale `a` and the shift `b` of alpha dropout, which keep mean 0 and variance 1, for a rate in 0..<1.
package func alphaDropoutScaling(_ rate: Double) -> (scale: Double, shift: Double) {
  let keep = 1 - rate
  let scale = 1 / (keep * (1 + seluMinimum * seluMinimum * rate)).squareRoot()
  return (scale, -scale * rate * seluMinimum)
}
