import MoultCore

/// The R-Drop loss of two passes with different masks: their mean cross entropy, plus the divergence between their
/// predictions.
///
///     loss = (CE(p) + CE(q)) / 2 + alpha · (KL(p ‖ q) + KL(q ‖ p)) / 2,   p = softmax(first), q = softmax(second)
///
/// Both terms are means over the batch. The authors' published snippet sums the divergence over the batch but averages
/// the cross entropy: its alpha corresponds to an alpha N times as large here.
///
/// - Shapes: `first: [N, K]`, `second:` the same, `labels: [N]` -> `[]`.
/// - Gradient: flows into the logits of both passes.
/// - Edge cases: equal logits give the cross entropy alone. The loss is finite for all finite logits.
/// - Complexity: O(*N* · *K*) time.
/// - Source: [Liang et al. 2021](https://arxiv.org/abs/2106.14448); the two cross entropies are averaged as in the
///   authors' code, while the paper adds them.
///
/// - Parameters:
///   - first: The logits of one pass, `[N, K]`.
///   - second: The logits of a pass with other masks, `[N, K]`.
///   - labels: The right classes, integers 0 to K - 1.
///   - alpha: The factor of the divergence, 0 or more; 1 to 5 in the paper.
/// - Returns: The loss, a scalar.
public func rDropLoss(_ first: Tensor, _ second: Tensor, _ labels: Tensor, alpha: Double) -> Tensor {
  require(alpha >= 0 && alpha.isFinite, "rDropLoss: expected an alpha from 0 on, got \(alpha)")
  require(
    first.shape == second.shape, "rDropLoss: expected two passes of one shape, got \(first.shape) and \(second.shape)")
  let entropy = (crossEntropy(first, labels) + crossEntropy(second, labels)) / 2
  return entropy + symmetricDivergence(first, second) * alpha
}

/// The R-Drop loss of a model: runs two passes through it, in which every dropout draws different masks.
///
/// ```swift
/// let loss = withStep(step) { rDropLoss(x, labels, alpha: 1) { model($0) } }
/// ```
///
/// - Parameters:
///   - x: The inputs, `[N, ...]`.
///   - labels: The right classes, `[N]`, integers 0 to K - 1.
///   - alpha: The factor of the divergence, 0 or more; 1 to 5 in the paper.
///   - model: A function that runs the model in training mode and returns logits, `[N, K]`.
/// - Returns: The loss, a scalar.
/// - Complexity: that of two passes through the model.
public func rDropLoss(_ x: Tensor, _ labels: Tensor, alpha: Double, _ model: (Tensor) -> Tensor) -> Tensor {
  let first = model(x)
  return rDropLoss(first, model(x), labels, alpha: alpha)
}

/// Returns half of `KL(p ‖ q) + KL(q ‖ p)`, averaged over the batch: `Σ (p - q) · (log p - log q) / 2 / N`.
private func symmetricDivergence(_ first: Tensor, _ second: Tensor) -> Tensor {
  let p = logSoftmax(first), q = logSoftmax(second)
  let terms = (exp(p) - exp(q)) * (p - q)
  return terms.sum() / Double(2 * first.shape[0])
}
