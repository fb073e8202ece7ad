import MoultCore

/// The mean negative log-likelihood of the right classes under `softmax(logits)`.
///
///     loss = -1/N · Σ log softmax(logits[n])[labels[n]]
///
/// - Shapes: `logits: [N, K]`, `labels: [N]` -> `[]`.
/// - Gradient: `dlogits = (softmax(logits) - onehot(labels)) / N`.
/// - Edge cases: finite for logits of any finite size. Labels are class indices of an integer type, 0 to K - 1; others
///   are refused, and so is an empty batch, which has no mean.
/// - Complexity: O(*N* · *K*) time; the probabilities are kept for the backward pass.
///
/// - Parameters:
///   - logits: The scores of the classes, before any softmax.
///   - labels: The right classes, such as `Tensor(labels: [3, 1, 4])`.
/// - Returns: The loss, a scalar.
public func crossEntropy(_ logits: Tensor, _ labels: Tensor) -> Tensor {
  crossEntropy(logits, labels, labelSmoothing: 0)
}

/// The cross entropy to labels that keep `1 - labelSmoothing` of their mass and spread the rest evenly over all
/// classes.
///
///     loss = -1/N · Σ Σ q[n][k] · log softmax(logits[n])[k],   q = (1 - s) · onehot(labels) + s / K
///
/// - Shapes: `logits: [N, K]`, `labels: [N]` -> `[]`.
/// - Gradient: `dlogits = (softmax(logits) - q) / N`.
/// - Edge cases: `labelSmoothing == 0` is `crossEntropy(_:_:)`.
/// - Complexity: O(*N* · *K*) time; the probabilities are kept for the backward pass.
/// - Source: [Szegedy et al. 2016](https://arxiv.org/abs/1512.00567), section 7.
///
/// - Parameters:
///   - logits: The scores of the classes, before any softmax.
///   - labels: The right classes, such as `Tensor(labels: [3, 1, 4])`.
///   - labelSmoothing: The mass that is spread, 0 to 1.
/// - Returns: The loss, a scalar.
public func crossEntropy(_ logits: Tensor, _ labels: Tensor, labelSmoothing: Double) -> Tensor {
  softmaxCrossEntropy(logits, labels, smoothing: labelSmoothing)
}
