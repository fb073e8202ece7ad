import MoultCore

/// The mean binary cross entropy of logits, for labels that are independent of one another (multi-label
/// classification).
///
///     loss = mean(max(x, 0) - x · t + log(1 + exp(-|x|)))
///
/// - Shapes: `logits: [...]`, `targets:` the same -> `[]`. Nothing is broadcast.
/// - Gradient: `dlogits = (sigmoid(x) - t) / count`, `dtargets = -x / count`.
/// - Edge cases: finite for all finite logits, and accurate for small losses. Targets outside 0 to 1 and an empty batch
///   stop the program.
/// - Complexity: O(*n*) time.
///
/// - Parameters:
///   - logits: The logits x, before any sigmoid.
///   - targets: The probabilities t of the positive class, 0 to 1, of the type of `logits`.
/// - Returns: The loss, a scalar.
public func binaryCrossEntropy(logits: Tensor, targets: Tensor) -> Tensor {
  binaryCrossEntropy(logits: logits, targets: targets, weights: nil)
}

/// The mean binary cross entropy of logits, weighted by sample.
///
///     loss = Σ w[n] · mean(max(x[n], 0) - x[n] · t[n] + log(1 + exp(-|x[n]|))) / Σ w[n]
///
/// - Shapes: `logits: [N, ...]`, `targets:` the same, `weights: [N]` -> `[]`. Nothing is broadcast.
/// - Gradient: flows into logits and targets, not into weights.
/// - Edge cases: equal weights and nil give `binaryCrossEntropy(logits:targets:)`.
/// - Complexity: O(*n*) time.
/// - Source: the weighted mean of `sklearn.metrics.log_loss(sample_weight:)`.
///
/// - Parameters:
///   - logits: The logits x, before any sigmoid.
///   - targets: The probabilities t of the positive class, 0 to 1, of the type of `logits`.
///   - weights: The weight w of each sample, 0 or more, with one above 0; nil for equal weights.
/// - Returns: The loss, a scalar.
public func binaryCrossEntropy(logits: Tensor, targets: Tensor, weights: Tensor?) -> Tensor {
  require(
    logits.shape == targets.shape,
    "binaryCrossEntropy: expected targets: \(logits.shape), got \(targets.shape); nothing is broadcast")
  require(
    targets.dtype == logits.dtype && logits.dtype.supportsGradients,
    "binaryCrossEntropy: expected targets of type \(logits.dtype), got \(targets.dtype); cast them first")
  require(logits.count > 0, "binaryCrossEntropy: expected at least one element, got \(logits.shape)")
  let x = logits.detached()
  let t = targets.detached()
  for value in t.scalars(as: Double.self) where !(0...1).contains(value) {
    fatalError("binaryCrossEntropy: expected targets in 0...1, got \(value); they are probabilities")
  }
  let shares = weights.map { sampleShares($0, shape: x.shape, "binaryCrossEntropy").cast(to: x.dtype) }
  return customOperation("binaryCrossEntropy", [logits, targets]) { _ in
    let elements = relu(x) - x * t + logOnePlus(exp(-abs(x)))
    return shares.map { (elements * $0).sum() } ?? elements.mean()
  } pullback: { upstream, _, _ in
    let scale = shares.map { $0 * upstream } ?? upstream / Double(x.count)
    return [(sigmoid(x) - t) * scale, -x * scale]
  }
}

/// Returns log(1 + e) for 0 <= e <= 1, accurate also for a small e.
///
/// The rounding error of u = 1 + e cancels in log(u) / (u - 1).
///
/// - Source: W. Kahan, as given by Goldberg 1991 (https://doi.org/10.1145/103162.103163), theorem 4.
private func logOnePlus(_ e: Tensor) -> Tensor {
  let u = e + 1
  return select(u .== 1, e, log(u) * e / (u - 1))
}
