import MoultCore
import MoultNN

/// The average precision, a sum over the precision-recall curve. Its name is `average_precision`.
///
///     AP = Σ_n (R_n - R_(n-1)) · P_n
///
/// P_n and R_n are the precision and recall at the n-th highest threshold; equal scores share one. For two classes it
/// is that of class 1; for more it is the mean over the classes of each one against the rest, with probabilities as
/// scores.
///
/// - Shapes: `outputs: [N, K]` and integer `labels: [N]`; for two classes also logits of class 1, `[N]` or `[N, 1]`.
/// - Edge cases: A class without samples has 0. nil if there are no samples, or if a score is NaN. With weights,
///   samples count with their weights.
/// - Complexity: O(*N* · *K*) memory and O(*K* · *N* log *N*) time, when ``value`` is read.
/// - Source: `average_precision_score` of scikit-learn, with `average="macro"`.
public struct AveragePrecision: Metric {
  private var scores = ClassScores()

  /// Makes the metric.
  public init() {}

  /// The name `average_precision`.
  public var name: String { "average_precision" }
  /// False: higher is better.
  public var isBetterLower: Bool { false }
  /// The average precision over the samples so far, 0 to 1.
  public var value: Double? { scores.mean(Self.averagePrecision) }

  private static func averagePrecision(_ scores: [Double], _ isPositive: [Bool], _ weights: [Double]) -> Double {
    var hits = 0.0, total = 0.0, sum = 0.0
    for tie in ties(scores).reversed() {
      let more = tie.reduce(0) { $0 + (isPositive[$1] ? weights[$1] : 0) }
      hits += more
      total += tie.reduce(0) { $0 + weights[$1] }
      if more > 0 { sum += more * hits / total }
    }
    return hits > 0 ? sum / hits : 0
  }

  /// Adds the scores of one batch.
  public mutating func update(_ outputs: Tensor, _ labels: Tensor, weights: Tensor?) {
    scores.add(outputs, labels, weights: weights, "AveragePrecision")
  }
}

extension Metric where Self == AveragePrecision {
  /// The average precision, of class 1 or the mean of each class against the rest.
  public static var averagePrecision: AveragePrecision { AveragePrecision() }
}
