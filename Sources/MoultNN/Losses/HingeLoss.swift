import MoultCore

/// The hinge loss with `margin: 1`; see ``hingeLoss(_:_:margin:weights:)``.
public func hingeLoss(_ scores: Tensor, _ labels: Tensor) -> Tensor { hingeLoss(scores, labels, margin: 1) }

/// The mean hinge loss of two classes, that of a support vector machine: 0 for scores on the right side with a distance
/// of at least `margin`.
///
///     loss = mean(max(0, margin - labels · scores))
///
/// With weights it is the weighted mean `Σ w[n] · loss[n] / Σ w[n]` of the losses of the samples. For more classes
/// see ``multiMarginLoss(_:_:margin:weights:)``.
///
/// - Shapes: `scores: [N, ...]`, `labels:` the same, `weights: [N]` -> `[]`. Nothing is broadcast.
/// - Gradient: `dscores = labels · scores < margin ? -labels / count : 0`.
/// - Edge cases: labels other than -1 and 1 and an empty batch stop the program.
/// - Complexity: O(*n*) time.
/// - Source: [Cortes and Vapnik 1995](https://doi.org/10.1007/BF00994018), in the form of
///   `sklearn.metrics.hinge_loss`. `torch.nn.HingeEmbeddingLoss` is another loss, for distances.
///
/// - Parameters:
///   - scores: The outputs of the model, positive for the class 1.
///   - labels: The right classes, -1 or 1 each, of any type.
///   - margin: The distance from 0 that a score should have, above 0.
///   - weights: The weight w of each sample, 0 or more, with one above 0; nil for equal weights.
/// - Returns: The loss, a scalar.
public func hingeLoss(_ scores: Tensor, _ labels: Tensor, margin: Double = 1, weights: Tensor? = nil) -> Tensor {
  require(margin > 0 && margin.isFinite, "hingeLoss: expected margin > 0, got \(margin)")
  requireComparable(scores, labels, "hingeLoss")
  requireSigns(labels, "hingeLoss")
  return relu(margin - scores * labels.cast(to: scores.dtype)).mean(weights: weights, "hingeLoss")
}

/// Stops the program unless all labels are -1 or 1.
func requireSigns(_ labels: Tensor, _ loss: StaticString) {
  for label in labels.scalars(as: Double.self) where abs(label) != 1 {
    fatalError("\(loss): expected labels of -1 or 1, got \(label); labels of 0 and 1 are 2 * labels - 1")
  }
}
