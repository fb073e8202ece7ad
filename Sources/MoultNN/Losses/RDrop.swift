import MoultCore

/// The loss of R-Drop: the cross entropy of two passes through a model that drops, and how much they disagree.
///
///     loss = (CE(p) + CE(q)) / 2 + alpha · (KL(p ‖ q) + KL(q ‖ p)) / 2,   p = softmax(first), q = softmax(second)
///
/// Both terms are means over the batch. The snippet that the authors publish leaves the divergence a sum over the batch
/// beside a mean cross entropy: an alpha there is `N · alpha` here.
///
/// - Shapes: `first: [N, K]`, `second:` the same, `labels: [N]` -> `[]`.
/// - Gradient: flows into both passes.
/// - Edge cases: equal logits leave the cross entropy alone; finite for logits of any finite size.
/// - Complexity: O(*N* · *K*) time.
/// - Source: [Liang et al. 2021](https://arxiv.org/abs/2106.14448); the cross entropies are averaged as in the
///   authors' code, where the paper adds them.
///
/// - Parameters:
///   - first: The logits of one pass.
///   - second: The logits of another pass with other masks.
///   - labels: The right classes.
///   - alpha: The weight of the divergence, 0 or more; 1 to 5 in the paper.
/// - Returns: The loss, a scalar.
public func rDropLoss(_ first: Tensor, _ second: Tensor, _ labels: Tensor, alpha: Double) -> Tensor {
  require(alpha >= 0 && alpha.isFinite, "rDropLoss: expected an alpha from 0 on, got \(alpha)")
  require(
    first.shape == second.shape, "rDropLoss: expected two passes of one shape, got \(first.shape) and \(second.shape)")
  let entropy = (crossEntropy(first, labels) + crossEntropy(second, labels)) / 2
  return entropy + symmetricDivergence(first, second) * alpha
}

/// The loss of R-Drop of a model, of which it makes both passes: every dropout draws a new mask for the second.
///
/// ```swift
/// let loss = withStep(step) { rDropLoss(x, labels, alpha: 1) { model($0) } }
/// ```
///
/// - Parameters:
///   - x: The inputs.
///   - labels: The right classes.
///   - alpha: The weight of the divergence, 0 or more; 1 to 5 in the paper.
///   - model: A pass through the model, in training mode.
/// - Returns: The loss, a scalar.
public func rDropLoss(_ x: Tensor, _ labels: Tensor, alpha: Double, _ model: (Tensor) -> Tensor) -> Tensor {
  let first = model(x)
  return rDropLoss(first, model(x), labels, alpha: alpha)
}

/// Half of `KL(p ‖ q) + KL(q ‖ p)`, the mean over the batch: `Σ (p - q) · (log p - log q) / 2 / N`.
private func symmetricDivergence(_ first: Tensor, _ second: Tensor) -> Tensor {
  let p = logSoftmax(first), q = logSoftmax(second)
  let terms = (exp(p) - exp(q)) * (p - q)
  return terms.sum() / Double(2 * first.shape[0])
}
