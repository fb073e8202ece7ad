import MoultCore

/// Precision, recall or F1 of a classifier: `.precision()`, `.recall()` and `.f1()`.
///
///     precision = TP / (TP + FP),   recall = TP / (TP + FN),   F1 = 2 · TP / (2 · TP + FP + FN)
///
/// TP, FP and FN are the numbers (or weights) of the true positives, false positives and false negatives of a class.
/// The name is that of the quantity, followed by the average if one was given: `f1`, `precision_macro`.
///
/// - Shapes: `outputs: [N, K]` and integer `labels: [N]`; for two classes also logits of class 1, `[N]` or `[N, 1]`.
/// - Edge cases: A quantity with a denominator of 0 is 0. Classes that occur neither among the labels nor among the
///   predictions do not count. Without samples the value is nil.
/// - Complexity: O(*N* · *K*) time, O(*K*) memory.
/// - Source: `precision_recall_fscore_support` of scikit-learn.
public struct PrecisionRecall: Metric {
  enum Quantity: String { case precision, recall, f1 }

  let quantity: Quantity
  /// The average over classes; nil for `.binary` if there are two classes, and `.macro` if there are more.
  public let average: ClassAverage?
  private var counts = ClassCounts()

  init(_ quantity: Quantity, _ average: ClassAverage?) { (self.quantity, self.average) = (quantity, average) }

  /// The name, such as `f1` or `f1_macro`.
  public var name: String { quantity.rawValue + (average.map { "_" + $0.rawValue } ?? "") }
  /// False: higher is better.
  public var isBetterLower: Bool { false }

  /// The value over the samples so far, 0 to 1; nil if they have no weight.
  public var value: Double? {
    guard counts.total > 0 else { return nil }
    switch average ?? (counts.classCount == 2 ? .binary : .macro) {
    case .binary:
      require(
        counts.classCount == 2,
        "\(name): expected two classes, got \(counts.classCount); use .\(quantity.rawValue)(.macro)")
      return value(ofClass: 1)
    case .macro:
      let classes = counts.presentClasses
      return classes.reduce(0) { $0 + value(ofClass: $1) } / Double(classes.count)
    case .micro: return counts.truePositives.reduce(0, +) / counts.total
    case .weighted:
      return counts.presentClasses.reduce(0) { $0 + counts.actual[$1] * value(ofClass: $1) } / counts.total
    }
  }

  private func value(ofClass index: Int) -> Double {
    let hits = counts.truePositives[index], predicted = counts.predicted[index], actual = counts.actual[index]
    let (part, whole) =
      switch quantity {
      case .precision: (hits, predicted)
      case .recall: (hits, actual)
      case .f1: (2 * hits, predicted + actual)
      }
    return whole > 0 ? part / whole : 0
  }

  /// Adds the predictions of one batch.
  public mutating func update(_ outputs: Tensor, _ labels: Tensor, weights: Tensor?) {
    counts.add(ClassifiedBatch(outputs, labels, weights: weights, name), name)
  }
}

extension Metric where Self == PrecisionRecall {
  /// The fraction of the samples predicted as a class that belong to it.
  ///
  /// - Parameter average: The average over classes; nil for that of class 1 if there are two classes, and the macro
  ///   average if there are more.
  public static func precision(_ average: ClassAverage? = nil) -> PrecisionRecall { .init(.precision, average) }

  /// The fraction of the samples of a class that are predicted as it (sensitivity, true positive rate).
  ///
  /// - Parameter average: The average over classes; nil for that of class 1 if there are two classes, and the macro
  ///   average if there are more.
  public static func recall(_ average: ClassAverage? = nil) -> PrecisionRecall { .init(.recall, average) }

  /// F1, the harmonic mean of precision and recall.
  ///
  /// - Parameter average: The average over classes; nil for that of class 1 if there are two classes, and the macro
  ///   average if there are more.
  public static func f1(_ average: ClassAverage? = nil) -> PrecisionRecall { .init(.f1, average) }
}
