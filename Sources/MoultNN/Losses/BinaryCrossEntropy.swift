import MoultCore

/// The mean cross entropy of independent yes/no questions, from logits.
///
///     loss = mean(max(x, 0) - x · t + log(1 + exp(-|x|)))
///
/// - Shapes: `logits: [...]`, `targets:` the same -> `[]`. Nothing is broadcast.
/// - Gradient: `dlogits = (sigmoid(x) - t) / count`, `dtargets = -x / count`.
/// - Edge cases: finite for logits of any finite size; small losses keep their digits. Targets are probabilities, 0 to
///   1; others are refused, and so is an empty batch.
/// - Complexity: O(*n*) time.
///
/// - Parameters:
///   - logits: The scores, before any sigmoid.
///   - targets: The probability of yes, of a floating-point type.
/// - Returns: The loss, a scalar.
public func binaryCrossEntropy(logits: Tensor, targets: Tensor) -> Tensor {
  require(
    logits.shape == targets.shape,
    "binaryCrossEntropy: expected targets: \(logits.shape), got \(targets.shape); nothing is broadcast")
  require(
    targets.dtype == logits.dtype && logits.dtype.isFloatingPoint,
    "binaryCrossEntropy: expected targets of type \(logits.dtype), got \(targets.dtype); cast them first")
  require(logits.count > 0, "binaryCrossEntropy: expected at least one element, got \(logits.shape)")
  let x = logits.detached()
  let t = targets.detached()
  let low = t.min().item(as: Double.self)
  let high = t.max().item(as: Double.self)
  require(
    low >= 0 && high <= 1,
    "binaryCrossEntropy: expected targets in 0...1, got \(low < 0 ? low : high); they are probabilities")
  return customOperation("binaryCrossEntropy", [logits, targets]) { _ in
    (relu(x) - x * t + logOnePlus(exp(-abs(x)))).mean()
  } pullback: { upstream, _, _ in
    let scale = upstream / Double(x.count)
    return [(sigmoid(x) - t) * scale, -x * scale]
  }
}

/// log(1 + e) for 0 <= e <= 1 without losing the digits of a small e.
///
/// The rounding of u = 1 + e cancels in log(u) / (u - 1).
///
/// - Source: W. Kahan, as given by Goldberg 1991 (https://doi.org/10.1145/103162.103163), theorem 4.
private func logOnePlus(_ e: Tensor) -> Tensor {
  let u = e + 1
  return select(u .== 1, e, log(u) * e / (u - 1))
}
