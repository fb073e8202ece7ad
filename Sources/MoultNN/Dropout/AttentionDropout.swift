import MoultCore

/// Drops attention weights and rescales the others, or returns them in evaluation.
///
///     y[n, h, q, k] = m[n, h, q, k] ? weights[n, h, q, k] / (1 - rate) : 0
///
/// Apply it to the result of `softmax`, before the product with the values. The weights of a query then no longer add
/// up to 1: show users those from before.
///
/// - Shapes: `weights: [N, heads, queries, keys]`, or `[N, queries, keys]` for one head -> the same.
/// - Gradient: `dweights = m ? dy / (1 - rate) : 0`, with the forward pass's mask.
/// - Edge cases: `rate == 0` returns `weights` and draws nothing; `rate == 1` gives zeros. NaN in a dropped weight does
///   not leak.
/// - Law: unit `(query · heads + head) · 128 · ⌈keys / 128⌉ + key` of each sample: each row of keys begins a block of
///   the generator, so that a kernel that computes attention tile by tile can draw its tile alone.
/// - Complexity: O(*n*) time, a byte a weight kept; rows of keys are padded to multiples of 128 while drawing.
/// - Source: [Vaswani et al. 2017](https://arxiv.org/abs/1706.03762), in the reference implementation.
///
/// - Parameters:
///   - weights: The attention weights.
///   - rate: The probability of dropping a weight, 0 to 1.
///   - mode: The mode; there is no default, so that dropping is always chosen.
///   - stream: The stream's number; without it every call is a stream of its own.
/// - Returns: The weights to average the values with.
public func attentionDropout(_ weights: Tensor, rate: Double, mode: Mode, stream: Int? = nil) -> Tensor {
  requireRate(rate, "attentionDropout")
  requireAttention(weights)
  guard rate > 0, let use = MaskUse.functional(mode, stream: stream) else { return weights }
  return attentionDropout(weights, rate: rate, use: use)
}

/// The same for a layer that has counted the use itself.
package func attentionDropout(_ weights: Tensor, rate: Double, use: MaskUse) -> Tensor {
  requireAttention(weights)
  let heads = weights.rank == 4 ? weights.shape[1] : 1
  let samples = weights.shape[0], queries = weights.shape[weights.rank - 2], keys = weights.shape[weights.rank - 1]
  let blocks = (keys + unitsOfBlock - 1) / unitsOfBlock
  let padded = blocks * unitsOfBlock
  let drawn = use.kept(rate: rate, rows: samples, units: queries * heads * padded)
  let kept = drawn.reshaped([samples, queries, heads, padded])[0..., 0..., 0..., 0..<keys].permuted([0, 2, 1, 3])
  return keepingOnly(kept.reshaped(weights.shape), of: weights, scale: survivorScale(rate))
}

/// Units that share one call of the generator for one plane.
private let unitsOfBlock = 128

private func requireAttention(_ weights: Tensor) {
  require(
    weights.rank == 3 || weights.rank == 4,
    "attentionDropout: expected weights: [N, heads, queries, keys] or [N, queries, keys], got \(weights.shape)")
}

extension DropoutVariant {
  static let attention = DropoutVariant(
    "attention-dropout", "drops attention weights",
    source: "Vaswani et al. 2017, https://arxiv.org/abs/1706.03762",
    place: .needs("an attention layer"))
}
