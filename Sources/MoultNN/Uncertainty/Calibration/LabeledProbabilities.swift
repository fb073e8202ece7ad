import MoultCore

/// Class probabilities with the correct classes, checked and converted to Double, as the calibration metrics use them.
struct LabeledProbabilities {
  let probabilities: [Double]
  let labels: [Int]
  let classCount: Int

  var count: Int { labels.count }

  init(_ probabilities: Tensor, _ labels: Tensor, _ caller: String) {
    (self.probabilities, self.labels, classCount) = Self.checked(probabilities, labels, caller, "probabilities")
    require(
      self.probabilities.allSatisfy { (-1e-6...1.000_001).contains($0) },
      "\(caller): expected probabilities in 0...1, got others; softmax makes them of logits")
  }

  /// Checks that values are `[N, K]` with labels `[N]` in `0..<K`, and returns them as arrays with K. Stops the program
  /// if a check fails.
  static func checked(
    _ values: Tensor, _ labels: Tensor, _ caller: String, _ name: String
  ) -> (values: [Double], labels: [Int], classCount: Int) {
    require(
      values.rank == 2 && values.dtype.supportsGradients && labels.shape == [values.shape[0]]
        && !labels.dtype.isFloatingPoint,
      "\(caller): expected \(name): [N, K] and integer labels: [N], got \(values.shape) and \(labels.shape) of "
        + "\(labels.dtype)")
    require(values.count > 0, "\(caller): expected at least one sample, got \(values.shape)")
    let classCount = values.shape[1], classes = labels.scalars(as: Int64.self).map { Int($0) }
    if let wrong = classes.first(where: { !(0..<classCount).contains($0) }) {
      fatalError("\(caller): expected labels in 0..<\(classCount), got \(wrong)")
    }
    return (values.scalars(as: Double.self), classes, classCount)
  }

  /// Returns the class probabilities of one sample.
  func row(_ sample: Int) -> ArraySlice<Double> {
    probabilities[sample * classCount..<(sample + 1) * classCount]
  }

  /// Returns the predicted class of a sample and its probability. Of equal probabilities the first class counts.
  func answer(_ sample: Int) -> (label: Int, confidence: Double) {
    let row = row(sample)
    var best = row.startIndex
    for i in row.indices where row[i] > row[best] { best = i }
    return (best - row.startIndex, row[best])
  }
}
