import MoultCore

/// Drops attention weights and multiplies the others by `1 / (1 - rate)`; returns the weights unchanged in evaluation.
///
///     y[n, h, q, k] = m[n, h, q, k] ? weights[n, h, q, k] / (1 - rate) : 0
///
/// Apply it to the result of `softmax`, before the product with the values. The weights of a query then no longer sum
/// to 1; to show attention to users, use the weights from before dropout.
///
/// - Shapes: `weights: [N, heads, queries, keys]`, or `[N, queries, keys]` for one head -> the same.
/// - Gradient: `dweights = m ? dy / (1 - rate) : 0`, with the forward pass's mask.
/// - Edge cases: `rate == 0` returns `weights` and draws nothing; `rate == 1` gives zeros. A NaN in a dropped weight
///   does not reach the result.
/// - Mask law (Documentation/MaskLaw.md): unit `(query · heads + head) · 128 · ⌈keys / 128⌉ + key` of each sample. Each
///   row of keys starts a new block of the random generator, so that a kernel that computes attention in tiles can draw
///   the mask of one tile alone.
/// - Complexity: O(*n*) time; rows of keys are padded to multiples of 128 while drawing, and one byte per weight is
///   stored for the backward pass.
/// - Source: the reference implementation of [Vaswani et al. 2017](https://arxiv.org/abs/1706.03762).
///
/// - Parameters:
///   - weights: The attention weights.
///   - rate: The probability of dropping a weight, 0 to 1.
///   - mode: `.training` and `.sampling` drop, `.evaluation` does not. There is no default, so that no call drops by
///     accident.
///   - stream: The layer number of the call in the mask law, 0 to 2³¹ - 1; nil numbers the calls of a step in their
///     order.
/// - Returns: The attention weights to multiply with the values, of the same shape.
public func attentionDropout(_ weights: Tensor, rate: Double, mode: Mode, stream: Int? = nil) -> Tensor {
  requireRate(rate, "attentionDropout")
  requireAttention(weights)
  guard rate > 0, let use = MaskUse.functional(mode, stream: stream) else { return weights }
  return attentionDropout(weights, rate: rate, use: use)
}

/// Applies `attentionDropout` with the masks of the mask call `use`, which a layer has already counted.
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

/// The number of units in a block of the random generator: one call of it gives each of them one random bit.
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
