import MoultCore

/// The multi-class hinge loss with `margin: 1`; see ``multiMarginLoss(_:_:margin:weights:)``.
public func multiMarginLoss(_ scores: Tensor, _ labels: Tensor) -> Tensor {
  multiMarginLoss(scores, labels, margin: 1)
}

/// The mean multi-class hinge loss: 0 where the score of the right class exceeds all others by at least `margin`.
///
///     loss = mean_n(Σ_{k != y} max(0, margin - scores[n][y] + scores[n][k]) / K),   y = labels[n]
///
/// With weights it is the weighted mean `Σ w[n] · loss[n] / Σ w[n]` of the losses of the samples.
///
/// - Shapes: `scores: [N, K]`, `labels: [N]`, `weights: [N]` -> `[]`.
/// - Gradient: `dscores[n][k] = 1 / (N · K)` for each class k that is too near to the right class, which gets minus
///   the sum of these.
/// - Edge cases: labels of another type or outside 0 to K - 1 and an empty batch stop the program.
/// - Complexity: O(*N* · *K*) time.
/// - Source: [Weston and Watkins 1999](https://www.esann.org/sites/default/files/proceedings/legacy/es1999-461.pdf), in
///   the form of `torch.nn.MultiMarginLoss` with `p=1`.
///
/// - Parameters:
///   - scores: The scores of the classes, such as logits.
///   - labels: The right classes, integers 0 to K - 1, such as `Tensor(labels: [3, 1, 4])`.
///   - margin: The distance that the right class should have from the others, above 0.
///   - weights: The weight w of each sample, 0 or more, with one above 0; nil for equal weights.
/// - Returns: The loss, a scalar.
public func multiMarginLoss(
  _ scores: Tensor, _ labels: Tensor, margin: Double = 1, weights: Tensor? = nil
) -> Tensor {
  require(margin > 0 && margin.isFinite, "multiMarginLoss: expected margin > 0, got \(margin)")
  scores.requireFloatingPoint("multiMarginLoss")
  require(
    scores.rank == 2 && scores.count > 0 && labels.shape == [scores.shape[0]] && !labels.dtype.isFloatingPoint,
    "multiMarginLoss: expected scores: [N, K] and integer labels: [N], got \(scores.shape) and \(labels.shape) of "
      + "\(labels.dtype)")
  let right = gather(scores, labels.unsqueezed(axis: 1), axis: 1)
  // The right class adds `margin` to the sum, whatever its score.
  let sums = relu(scores - right + margin).sum(axis: 1) - margin
  return (sums / Double(scores.shape[1])).mean(weights: weights, "multiMarginLoss")
}
