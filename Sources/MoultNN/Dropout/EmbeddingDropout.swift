import MoultCore

/// Sets whole rows of an embedding table to 0 and multiplies the others by `1 / (1 - rate)`; returns the table
/// unchanged in evaluation. A dropped word is dropped at all its places in the batch.
///
///     y[v, :] = m[v] ? table[v, :] / (1 - rate) : 0,   m[v] ~ Bernoulli(1 - rate)
///
/// - Shapes: `table: [V, ...]` -> the same; look words up in the result with `indexSelect`.
/// - Gradient: `dtable[v, :] = m[v] ? dy[v, :] / (1 - rate) : 0`.
/// - Edge cases: `rate == 0` returns `table` and draws nothing; `rate == 1` gives zeros. A NaN in a dropped row does
///   not reach the result.
/// - Mask law (Documentation/MaskLaw.md): the unit is the row, the sample is 0: all samples of a call, and of the
///   micro-batches of a step, drop the same words.
/// - Complexity: O(*n*) time in the size of the table; one byte per row is stored for the backward pass.
/// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1512.05287), section 4.2.
///
/// - Parameters:
///   - table: The embedding vectors, one row per word.
///   - rate: The probability of dropping a row, 0 to 1.
///   - mode: `.training` and `.sampling` drop, `.evaluation` does not. There is no default, so that no call drops by
///     accident.
///   - stream: The layer number of the call in the mask law, 0 to 2³¹ - 1; nil numbers the calls of a step in their
///     order.
/// - Returns: The table to look words up in, of the same shape.
public func embeddingDropout(_ table: Tensor, rate: Double, mode: Mode, stream: Int? = nil) -> Tensor {
  requireRate(rate, "embeddingDropout")
  guard rate > 0, let use = MaskUse.functional(mode, stream: stream) else { return table }
  return embeddingDropout(table, rate: rate, use: use)
}

/// Applies `embeddingDropout` with the masks of the mask call `use`, which a layer has already counted.
package func embeddingDropout(_ table: Tensor, rate: Double, use: MaskUse) -> Tensor {
  require(table.rank >= 1, "embeddingDropout: expected table: [V, ...], got \(table.shape)")
  let rows = table.shape[0]
  let kept = use.sharedBySamples.kept(rate: rate, rows: 1, units: rows)
  return keepingOnly(
    kept.reshaped([rows] + [Int](repeating: 1, count: table.rank - 1)), of: table, scale: survivorScale(rate))
}

extension DropoutVariant {
  static let embedding = DropoutVariant(
    "embedding-dropout", "drops whole rows of an embedding table",
    source: "Gal and Ghahramani 2016, https://arxiv.org/abs/1512.05287",
    place: .needs("an embedding table"))
}
