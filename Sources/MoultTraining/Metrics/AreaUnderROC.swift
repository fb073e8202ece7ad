import MoultCore
import MoultNN

/// The area under the ROC curve (AUROC): the probability that a sample of a class has a higher score than one of
/// another class, where equal scores count one half. Its name is `auroc`.
///
/// For two classes it is that of class 1; for more it is the mean over the classes of each one against the rest, with
/// probabilities as scores.
///
/// - Shapes: `outputs: [N, K]` and integer `labels: [N]`; for two classes also logits of class 1, `[N]` or `[N, 1]`.
/// - Edge cases: nil if a class has no samples, if all samples are of one class, or if a score is NaN. With weights,
///   pairs of samples count with the product of their weights.
/// - Complexity: O(*N* · *K*) memory and O(*K* · *N* log *N*) time, when ``value`` is read.
/// - Source: `roc_auc_score` of scikit-learn, with `multi_class="ovr"`; ``areaUnderROC(of:over:)`` for scores alone.
public struct AreaUnderROC: Metric {
  private var scores = ClassScores()

  /// Makes the metric.
  public init() {}

  /// The name `auroc`.
  public var name: String { "auroc" }
  /// False: higher is better.
  public var isBetterLower: Bool { false }
  /// The area over the samples so far, 0 to 1.
  public var value: Double? {
    scores.mean { MoultNN.areaUnderROC($0, isPositive: $1, weights: $2) }
  }

  /// Adds the scores of one batch.
  public mutating func update(_ outputs: Tensor, _ labels: Tensor, weights: Tensor?) {
    scores.add(outputs, labels, weights: weights, "AreaUnderROC")
  }
}

extension Metric where Self == AreaUnderROC {
  /// The area under the ROC curve, of class 1 or the mean of each class against the rest.
  public static var auroc: AreaUnderROC { AreaUnderROC() }
}
