import MoultCore

/// Zeroes whole rows of an embedding table and rescales the others, or returns the table in evaluation: a word is
/// dropped wherever it occurs in the batch.
///
///     y[v, :] = m[v] ? table[v, :] / (1 - rate) : 0,   m[v] ~ Bernoulli(1 - rate)
///
/// - Shapes: `table: [V, ...]` -> the same; look words up in the result with `indexSelect`.
/// - Gradient: `dtable[v, :] = m[v] ? dy[v, :] / (1 - rate) : 0`.
/// - Edge cases: `rate == 0` returns `table` and draws nothing; `rate == 1` gives zeros. NaN in a dropped row does not
///   leak.
/// - Law: unit is the row, sample 0: all samples of a use, and of its micro-batches, miss the same words.
/// - Complexity: O(*n*) in the size of the table.
/// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1512.05287), section 4.2.
///
/// - Parameters:
///   - table: The embeddings.
///   - rate: The probability of dropping a row, 0 to 1.
///   - mode: The mode; there is no default, so that dropping is always chosen.
///   - stream: The stream's number; without it every call is a stream of its own.
/// - Returns: The table to look words up in.
public func embeddingDropout(_ table: Tensor, rate: Double, mode: Mode, stream: Int? = nil) -> Tensor {
  requireRate(rate, "embeddingDropout")
  guard rate > 0, let use = MaskUse.functional(mode, stream: stream) else { return table }
  return embeddingDropout(table, rate: rate, use: use)
}

/// The same for a layer that has counted the use itself.
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
