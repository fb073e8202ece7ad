import MoultCore

/// The labels of a batch and the predicted classes, for metrics of classification.
struct ClassifiedBatch {
  let predictions: [Int]
  let labels: [Int]
  let weights: [Double]?
  let classCount: Int

  /// - Shapes: `outputs: [N, K]` and integer `labels: [N]`, or of two classes `outputs: [N]` or `[N, 1]` and N labels.
  /// - Edge cases: Of equal largest logits the first one counts, and NaN as the largest value. A single logit of 0 is
  ///   class 0.
  init(_ outputs: Tensor, _ labels: Tensor, weights: Tensor?, _ metric: String) {
    (self.labels, self.weights, classCount) = Self.checked(outputs, labels, weights: weights, metric)
    predictions =
      Self.isBinary(outputs)
      ? outputs.scalars(as: Double.self).map { $0 > 0 ? 1 : 0 }
      : outputs.detached().argmax(axis: 1).scalars(as: Int64.self).map(Int.init)
  }

  /// Returns the labels, the weights and K after checking shapes, types and the range of the labels. Stops the program
  /// if a check fails.
  static func checked(
    _ outputs: Tensor, _ labels: Tensor, weights: Tensor?, _ metric: String
  ) -> (labels: [Int], weights: [Double]?, classCount: Int) {
    let classCount = isBinary(outputs) ? 2 : outputs.rank == 2 ? outputs.shape[1] : 0
    require(
      classCount > 0
        && (labels.shape == [outputs.shape[0]] && !labels.dtype.isFloatingPoint
          || isBinary(outputs) && labels.count == outputs.count && labels.shape.first == outputs.shape[0]),
      "\(metric): expected outputs: [N, K] and integer labels: [N], or logits of class 1: [N] and labels: [N], got "
        + "\(outputs.shape) and \(labels.shape) of \(labels.dtype)")
    let classes = labels.scalars(as: Double.self).map { label in
      require(
        label >= 0 && label < Double(classCount) && label == label.rounded(),
        "\(metric): expected labels in 0..<\(classCount), got \(label)")
      return Int(label)
    }
    return (classes, weights.map { checkedWeights($0, count: classes.count, metric) }, classCount)
  }

  /// Whether the outputs are logits of class 1 of two classes.
  static func isBinary(_ outputs: Tensor) -> Bool { outputs.rank == 1 || outputs.rank == 2 && outputs.shape[1] == 1 }
}

/// Returns the weights of `count` samples as numbers. Stops the program if the shape is another one.
func checkedWeights(_ weights: Tensor, count: Int, _ metric: String) -> [Double] {
  require(weights.shape == [count], "\(metric): expected weights: [\(count)], got \(weights.shape)")
  return weights.scalars(as: Double.self)
}
