import MoultCore

/// The fraction of samples whose correct class is among the `k` classes with the largest logits. Its name is
/// `top_5_accuracy` for a `k` of 5.
///
/// - Shapes: `outputs: [N, K]`, integer `labels: [N]` in `0..<K`.
/// - Edge cases: Of equal logits the first one counts as the larger one, so that a `k` of 1 is ``Accuracy``; NaN counts
///   as the largest value. A `k` of K or more gives 1. With weights, samples count with their weights.
/// - Complexity: O(*N* · *K*).
/// - Source: `top_k_accuracy_score` of scikit-learn, where the last of equal scores counts as the largest.
public struct TopKAccuracy: Metric {
  /// The number of classes of which one must be the correct one.
  public let k: Int
  private var correctWeight = 0.0, totalWeight = 0.0

  /// Makes the metric.
  ///
  /// - Parameter k: The number of classes, at least 1.
  public init(_ k: Int) {
    require(k >= 1, "TopKAccuracy: expected k >= 1, got \(k)")
    self.k = k
  }

  /// The name, such as `top_5_accuracy`.
  public var name: String { "top_\(k)_accuracy" }
  /// False: higher is better.
  public var isBetterLower: Bool { false }
  /// The accuracy, 0 to 1; nil if the samples so far have no weight.
  public var value: Double? { totalWeight > 0 ? correctWeight / totalWeight : nil }

  /// Adds the predictions of one batch.
  public mutating func update(_ outputs: Tensor, _ labels: Tensor, weights: Tensor?) {
    require(outputs.rank == 2, "TopKAccuracy: expected outputs: [N, K], got \(outputs.shape)")
    let (classes, weights, _) = ClassifiedBatch.checked(outputs, labels, weights: weights, "TopKAccuracy")
    let classCount = outputs.shape[1]
    let logits = outputs.scalars(as: Double.self).map { $0.isNaN ? .infinity : $0 }
    for (sample, label) in classes.enumerated() {
      let row = logits[sample * classCount..<(sample + 1) * classCount], own = row[row.startIndex + label]
      let rank = row.indices.count { row[$0] > own || row[$0] == own && $0 < row.startIndex + label }
      let weight = weights?[sample] ?? 1
      totalWeight += weight
      if rank < k { correctWeight += weight }
    }
  }
}

extension Metric where Self == TopKAccuracy {
  /// The fraction of samples whose correct class is among the `k` classes with the largest logits.
  public static func topKAccuracy(_ k: Int) -> TopKAccuracy { TopKAccuracy(k) }
}
