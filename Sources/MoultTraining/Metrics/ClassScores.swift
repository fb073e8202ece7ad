import MoultCore
import MoultNN

/// The scores of all samples so far, for metrics that need them all at once.
struct ClassScores {
  /// The scores of each class, `[K][N]`; for two classes those of class 1 only.
  private(set) var scores: [[Double]] = []
  private(set) var labels: [Int] = []
  private(set) var weights: [Double] = []

  /// Adds a batch. Scores of two classes are differences of logits, which order the samples as the probabilities do
  /// but never round to 0 or 1; those of more classes are probabilities.
  ///
  /// Stops the program if the batch has another number of classes than those before.
  mutating func add(_ outputs: Tensor, _ labels: Tensor, weights: Tensor?, _ metric: String) {
    let (classes, given, classCount) = ClassifiedBatch.checked(outputs, labels, weights: weights, metric)
    let columns = Self.columns(outputs)
    if scores.isEmpty { scores = [[Double]](repeating: [], count: columns.count) }
    require(
      scores.count == columns.count, "\(metric): expected outputs of as many classes as before, got \(classCount)")
    for (index, column) in columns.enumerated() { scores[index] += column }
    self.labels += classes
    self.weights += given ?? [Double](repeating: 1, count: classes.count)
  }

  private static func columns(_ outputs: Tensor) -> [[Double]] {
    if ClassifiedBatch.isBinary(outputs) { return [outputs.scalars(as: Double.self)] }
    let logits = outputs.detached().cast(to: .float64)
    if outputs.shape[1] == 2 { return [(logits[0..., 1] - logits[0..., 0]).scalars(as: Double.self)] }
    let probabilities = softmax(logits, axis: 1)
    return (0..<outputs.shape[1]).map { probabilities[0..., $0].scalars(as: Double.self) }
  }

  /// Returns the mean over the classes of a value of each class against the rest; for two classes the value of class 1.
  /// nil if there are no samples, if a score is NaN, or if the mean is NaN.
  func mean(
    _ value: (_ scores: [Double], _ isPositive: [Bool], _ weights: [Double]) -> Double
  ) -> Double? {
    guard weights.contains(where: { $0 > 0 }), !scores.contains(where: { $0.contains(where: \.isNaN) }) else {
      return nil
    }
    let values = scores.enumerated().map { index, column in
      let positive = scores.count == 1 ? 1 : index
      return value(column, labels.map { $0 == positive }, weights)
    }
    let mean = values.reduce(0, +) / Double(values.count)
    return mean.isNaN ? nil : mean
  }
}
